/** The role of the exported collection: what it does on one host. Modules of ansible-core alone. Text is fixed; what differs between hosts lies in files beside it and is read as data, never pasted. */

export const ROLE_DEFAULTS = `---
# The name under which Firebreak knows the host, where the inventory has another.
firebreak_name: "{{ inventory_hostname }}"
# Seconds after which a host takes unconfirmed rules back by itself, 5 to 3600.
firebreak_confirm_within: 60
# rollback.yml: not only what waits, but all rules (see README.md).
firebreak_to_observe: false
# Where the export lies. The kit's key signs receipts on this machine; no host gets it.
firebreak_files: "{{ role_path }}/../.."
firebreak_kit: "{{ role_path }}/../../../../../kit"
firebreak_receipts: "{{ role_path }}/../../../../../receipts"
`;

/** Reads without changing: in check mode, too. Sets firebreak_order, firebreak_status (empty where no agent is). */
export const ROLE_LOOK = `---
- name: Refuse a host that the export has no rules for
  ansible.builtin.assert:
    that: (firebreak_files ~ '/hosts/' ~ firebreak_name ~ '/order.json') is ansible.builtin.file
    fail_msg: "The export has no rules for {{ firebreak_name }}. On the console: firebreak bundle ansible {{ firebreak_name }} --out FOLDER; or set firebreak_name to what Firebreak calls this host."
    quiet: true

- name: Find the order for the host
  ansible.builtin.set_fact:
    firebreak_order: "{{ lookup('ansible.builtin.file', firebreak_files ~ '/hosts/' ~ firebreak_name ~ '/order.json') | from_json }}"
    firebreak_export: "{{ lookup('ansible.builtin.file', firebreak_files ~ '/hosts/export.json') | from_json }}"

- name: Read which machine this is
  ansible.builtin.command:
    argv:
      - sh
      - -c
      - |
        LC_ALL=C; export LC_ALL
        word() { head -c "$1" | tr -d '\\n' | tr -c 'A-Za-z0-9._-' '_'; }
        printf '%s %s' "$(word 64 </etc/machine-id)" "$(word 255 </proc/sys/kernel/hostname)"
  register: firebreak_machine
  changed_when: false
  check_mode: false

- name: Ask the agent what runs
  ansible.builtin.command:
    argv:
      - sh
      - -c
      - 'if [ -x /usr/local/sbin/firebreak-agent ]; then exec /usr/local/sbin/firebreak-agent status; else echo "{}"; fi'
  register: firebreak_said
  changed_when: false
  check_mode: false

- name: Take what it says
  ansible.builtin.set_fact:
    firebreak_status: "{{ firebreak_said.stdout | from_json }}"

- name: Refuse a host that is another than the one that the rules are for
  ansible.builtin.assert:
    that: (firebreak_status.hostId | default(none, true)) in [none, firebreak_order.host]
    fail_msg: "Here is {{ firebreak_status.hostId | default('') }}, and the rules for {{ firebreak_name }} are for {{ firebreak_order.host }}: the address leads to another machine. Nothing was changed."
    quiet: true

- name: Refuse a machine without an agent that is not the one that Firebreak knows by this name
  ansible.builtin.assert:
    that: firebreak_status.hostId | default(none, true) is not none or firebreak_order.machine is none or firebreak_order.machine == firebreak_machine.stdout
    fail_msg: "This machine is “{{ firebreak_machine.stdout }}”, and {{ firebreak_name }} was “{{ firebreak_order.machine }}” when Firebreak read it. If it was renamed or made anew: firebreak collect {{ firebreak_name }}, and export again. Nothing was changed."
    quiet: true
`;

export const ROLE_MAIN = `---
- name: Look
  ansible.builtin.include_tasks: look.yml

- name: Put the agent there, or bring it up to this version
  ansible.builtin.include_tasks: agent.yml
  when: firebreak_status.hostId | default(none, true) is none or firebreak_status.agentVersion is ansible.builtin.version(firebreak_export.agentVersion, '<')

- name: Refuse while the push of somebody else waits there
  ansible.builtin.assert:
    that: firebreak_status.pending | default(none, true) is none or firebreak_status.pending.id == firebreak_order.push
    fail_msg: "Push {{ (firebreak_status.pending | default({}, true)).id | default('') }} waits there for its confirmation. Try again when it is over. Nothing was changed."
    quiet: true

- name: Refuse rules that were loaded here once, or that newer ones followed
  ansible.builtin.assert:
    that: >-
      (firebreak_status.confirmedBundle | default(none, true)) == firebreak_order.bundle or
      firebreak_status.pending | default(none, true) is not none or
      (firebreak_status.bundleSeq | default(0, true) | int) < (firebreak_order.seq | int)
    fail_msg: "These rules (number {{ firebreak_order.seq }}) were loaded here before and taken back, or newer ones came: the host takes no number twice. On the console: firebreak bundle ansible {{ firebreak_name }} --out FOLDER. Nothing was changed."
    quiet: true

- name: Have the agent check the rules
  ansible.builtin.command:
    argv: [/usr/local/sbin/firebreak-agent, check]
    stdin: "{{ lookup('ansible.builtin.file', firebreak_files ~ '/hosts/' ~ firebreak_name ~ '/bundle.nft', rstrip=False) }}"
    stdin_add_newline: false
  register: firebreak_checked
  changed_when: false
  check_mode: false
  failed_when: firebreak_checked.rc != 0 or not (firebreak_checked.stdout | from_json).ok
  when:
    - firebreak_status.hostId | default(none, true) is not none
    - firebreak_status.confirmedBundle | default(none, true) != firebreak_order.bundle
    - firebreak_status.pending | default(none, true) is none

- name: Say what would be loaded
  ansible.builtin.debug:
    msg: "{{ firebreak_name }} would get version {{ firebreak_order.version }} ({{ firebreak_order.mode }})."
  changed_when: true
  when:
    - ansible_check_mode
    - firebreak_status.confirmedBundle | default(none, true) != firebreak_order.bundle

- name: Load, prove and confirm
  ansible.builtin.include_tasks: apply.yml
  when:
    - not ansible_check_mode
    - firebreak_status.confirmedBundle | default(none, true) != firebreak_order.bundle

- name: Write the receipt
  ansible.builtin.include_tasks: receipt.yml
  when: not ansible_check_mode
`;

export const ROLE_AGENT = `---
- name: Say that the agent would be put there
  ansible.builtin.debug:
    msg: "{{ firebreak_name }} would get agent {{ firebreak_export.agentVersion }}."
  changed_when: true
  when: ansible_check_mode

- name: Install the agent, which only observes at first
  when: not ansible_check_mode
  block:
    - name: Make a folder in memory
      ansible.builtin.tempfile:
        state: directory
        path: /run
        prefix: firebreak-install.
      register: firebreak_scratch

    - name: Copy the agent
      ansible.builtin.copy:
        src: agent.tar.gz.b64
        dest: "{{ firebreak_scratch.path }}/agent.tar.gz.b64"
        mode: '0600'

    - name: Copy the rules that it begins with
      ansible.builtin.copy:
        src: "{{ firebreak_files }}/hosts/{{ firebreak_name }}/observe.nft"
        dest: "{{ firebreak_scratch.path }}/observe.nft"
        mode: '0600'

    # It checks every file against the signed manifest, and leaves the host as it was when anything fails.
    - name: Run its installer
      ansible.builtin.command:
        argv:
          - sh
          - -c
          - 'cd "$1" && base64 -d agent.tar.gz.b64 | tar -xzf - && exec sh ./install.sh --host-id "$2" --signer "$3" <observe.nft'
          - sh
          - "{{ firebreak_scratch.path }}"
          - "{{ firebreak_order.host }}"
          - "{{ firebreak_export.signer }}"
      register: firebreak_installed
      changed_when: true

    - name: Take what it says
      ansible.builtin.set_fact:
        firebreak_status: "{{ firebreak_installed.stdout | from_json }}"
  always:
    - name: Take the folder away
      ansible.builtin.file:
        path: "{{ firebreak_scratch.path }}"
        state: absent
      when: firebreak_scratch.path is defined
`;

/** The host's own timer is armed before the rules are loaded; whatever ends the playbook from then on, the host goes back by itself. */
export const ROLE_APPLY = `---
- name: Note which connection this is
  ansible.builtin.command:
    argv: [sh, -c, 'printf %s "$SSH_CONNECTION"']
  become: false
  register: firebreak_former_connection
  changed_when: false

- name: Load the rules, with the rollback of the host armed
  ansible.builtin.command:
    argv:
      - /usr/local/sbin/firebreak-agent
      - apply
      - --id
      - "{{ firebreak_order.push }}"
      - --by
      - "{{ firebreak_order.by }}"
      - --confirm-within
      - "{{ firebreak_confirm_within | string }}"
    stdin: "{{ lookup('ansible.builtin.file', firebreak_files ~ '/hosts/' ~ firebreak_name ~ '/bundle.nft', rstrip=False) }}"
    stdin_add_newline: false
  changed_when: true
  # A connection that is cut under it would else be waited for as long as TCP does.
  timeout: 300
  when: firebreak_status.pending | default(none, true) is none

- name: Keep what is given to ssh
  ansible.builtin.set_fact:
    firebreak_ssh_extra_args: "{{ ansible_ssh_extra_args | default('') }}"

# What was open before stays open under the new rules; only a new connection shows that they let one in.
- name: Leave the connection
  ansible.builtin.meta: reset_connection

- name: Come back over a new one
  ansible.builtin.command:
    argv: [sh, -c, 'printf %s "$SSH_CONNECTION"']
  become: false
  register: firebreak_connection
  changed_when: false
  vars:
    ansible_ssh_extra_args: "{{ firebreak_ssh_extra_args }} -o ControlPath=none"

- name: See that it is a new one
  ansible.builtin.assert:
    that:
      - firebreak_connection.stdout | length > 0
      - firebreak_connection.stdout != firebreak_former_connection.stdout
    fail_msg: "No new SSH connection was made, so that nothing is proved (the playbook needs Ansible's ssh connection). It is not confirmed: the host takes the rules back within {{ firebreak_confirm_within }} seconds."
    quiet: true

# Refused by the agent unless this push waits, in time, and the kernel still holds what was loaded.
- name: Confirm
  ansible.builtin.command:
    argv: [/usr/local/sbin/firebreak-agent, confirm, "{{ firebreak_order.push }}"]
  changed_when: true
  timeout: 120
`;

export const ROLE_ROLLBACK = `---
- name: Look
  ansible.builtin.include_tasks: look.yml

- name: Refuse where there is no agent
  ansible.builtin.assert:
    that: firebreak_status.hostId | default(none, true) is not none
    fail_msg: "No agent is on {{ firebreak_name }}, so that there is nothing to take back."
    quiet: true

- name: Take back what waits for its confirmation
  ansible.builtin.command:
    argv: [/usr/local/sbin/firebreak-agent, rollback]
  changed_when: true
  when: firebreak_status.pending is not none

- name: Take all rules back, so that the host only observes
  ansible.builtin.command:
    argv: [/usr/local/sbin/firebreak-agent, rollback, --to-observe]
  changed_when: true
  when:
    - firebreak_to_observe | bool
    - firebreak_status.runningMode != 'observe' or firebreak_status.confirmedBundle != firebreak_status.runningBundle

- name: Write the receipt
  ansible.builtin.include_tasks: receipt.yml
  when: not ansible_check_mode
`;

/** Nothing on the host changes by it, so that it never counts as a change. */
export const ROLE_RECEIPT = `---
- name: Ask the agent what runs now
  ansible.builtin.command:
    argv: [/usr/local/sbin/firebreak-agent, status]
  register: firebreak_told
  changed_when: false

- name: Seal it for the console
  ansible.builtin.command:
    argv:
      - "{{ ansible_playbook_python }}"
      - "{{ role_path }}/files/seal_receipt.py"
      - "{{ firebreak_kit }}"
      - "{{ firebreak_receipts }}/{{ firebreak_name }}.tar.gz"
    stdin: "{{ {'status': firebreak_told.stdout, 'machine': firebreak_machine.stdout, 'push': firebreak_order.push, 'host': firebreak_order.host} | to_json }}"
  delegate_to: localhost
  become: false
  changed_when: false
  when: (firebreak_kit ~ '/site-key') is ansible.builtin.file
`;
