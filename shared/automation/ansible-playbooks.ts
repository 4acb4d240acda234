const play = (name: string, does: string, part: string | null, more = ''): string => `---
# ${does}
- name: ${name}
  hosts: "{{ firebreak_hosts | default('firebreak') }}"
  become: true
  gather_facts: false
${more}  tasks:
    - name: ${name}
      ansible.builtin.include_role:
        name: firebreak.policy.host${part === null ? '' : `\n        tasks_from: ${part}`}
`;

/**
 * A host that fails goes back by itself; those that are under way beside it go on, and no other is begun, of its wave or a later one. Each host is finished before a fork takes the next: task by task over all of a wave, hosts would wait for each other
 * between load and confirmation for longer than their windows.
 */
const WAVES = `  strategy: ansible.builtin.host_pinned
  serial: "{{ firebreak_waves | default([1, '25%', '100%']) }}"
  pre_tasks:
    - name: Begin no host after one that failed
      ansible.builtin.assert:
        that: ansible_play_hosts_all | difference(ansible_play_hosts) | length == 0
        fail_msg: "Not begun here, because this failed before: {{ ansible_play_hosts_all | difference(ansible_play_hosts) | join(' ') }}."
        quiet: true
`;

export const PUSH_PLAYBOOK = play('Push the rules', 'One host first, then a quarter, then all: -e \'{"firebreak_waves": [2, "50%", "100%"]}\' for others. Again changes nothing.', null, WAVES);
export const ROLLBACK_PLAYBOOK = play('Take rules back', 'What waits for its confirmation; with -e firebreak_to_observe=true all rules, so that everything passes.', 'rollback');
export const RECEIPTS_PLAYBOOK = play('Fetch receipts', 'What each host runs now, for: firebreak bundle receipt receipts', 'receipts');

export const ROLE_RECEIPTS = `---
- name: Look
  ansible.builtin.include_tasks: look.yml

- name: Write the receipt
  ansible.builtin.include_tasks: receipt.yml
  when:
    - not ansible_check_mode
    - firebreak_status.hostId | default(none, true) is not none
`;
