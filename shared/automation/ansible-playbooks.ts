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

/** A host that fails goes back by itself; those beside it in its wave go on, the waves after it do not begin. */
const WAVES = `  serial: "{{ firebreak_waves | default([1, '25%', '100%']) }}"
  pre_tasks:
    - name: Stop where a host of an earlier wave failed
      ansible.builtin.assert:
        that: ansible_play_hosts_all | difference(ansible_play_hosts) | difference(ansible_play_batch) | length == 0
        fail_msg: "Not begun here, because this failed in an earlier wave: {{ ansible_play_hosts_all | difference(ansible_play_hosts) | join(' ') }}."
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
