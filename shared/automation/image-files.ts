import type { AutomationFile } from './ansible-collection.ts';
import { AGENT_TEXT, FIRST_BOOT_SCRIPT, FIRST_BOOT_SERVICE, FIRST_BOOT_UNIT, SEED_DIR } from './first-boot.ts';

/** Debian's names of what the agent needs beyond an essential system. */
const PACKAGES = ['nftables', 'openssh-client', 'iproute2', 'util-linux', 'gzip'];
const LINK = `/etc/systemd/system/multi-user.target.wants/${FIRST_BOOT_UNIT}`;

/** The part of an image: the same for all machines that are made of it, and no host by itself. */
const listImageFiles = (agentText: string): AutomationFile[] => [
  { path: `firebreak-seed/${AGENT_TEXT}`, text: agentText },
  { path: 'firebreak-seed/first-boot.sh', text: FIRST_BOOT_SCRIPT },
  { path: FIRST_BOOT_UNIT, text: FIRST_BOOT_SERVICE },
];

const ABOUT = `The agent waits in ${SEED_DIR} and installs itself at the first boot of a machine that is told which host it is:
# firebreak agent image --for cloud-init HOST --agent-in-image (or --for terraform). Without that it does nothing. Never make an image of a machine
# on which an agent is installed: its copies would all be the same host.`;

const DOCKERFILE = `# Firebreak: lines for a Dockerfile that makes the disk of a virtual machine.
# NOT for containers: a container is no host. It has no systemd and no boot; what it sends and gets is judged by the agent of the machine it runs on.
# NOT for images with a read-only /usr (bootc, ostree): the agent lives in /usr/local.
# ${ABOUT}
RUN apt-get update && apt-get install -y --no-install-recommends ${PACKAGES.join(' ')} && rm -rf /var/lib/apt/lists/*
RUN test ! -e /etc/firebreak/host-id && test ! -e /var/lib/firebreak
COPY firebreak-seed/ ${SEED_DIR}/
COPY ${FIRST_BOOT_UNIT} /etc/systemd/system/${FIRST_BOOT_UNIT}
RUN chmod 700 ${SEED_DIR} && chmod 600 ${SEED_DIR}/* && mkdir -p ${LINK.slice(0, LINK.lastIndexOf('/'))} && ln -sf ../${FIRST_BOOT_UNIT} ${LINK}
`;

const IMAGE_PLAYBOOK = `---
# Firebreak, for the machine of which an image is made (Packer's ansible provisioner, a chroot, a template's first machine).
# ${ABOUT}
- name: Put the agent into an image
  hosts: "{{ firebreak_hosts | default('all') }}"
  become: true
  gather_facts: false
  tasks:
    - name: Look for an agent that is installed
      ansible.builtin.stat:
        path: /etc/firebreak/host-id
      register: firebreak_installed

    - name: Refuse a machine that is a host already
      ansible.builtin.assert:
        that: not firebreak_installed.stat.exists
        fail_msg: "An agent is installed here: every machine made of this image would be the same host. Take it out first: firebreak agent uninstall."
        quiet: true

    - name: Have what the agent needs
      ansible.builtin.package:
        name: [${PACKAGES.join(', ')}]
      when: firebreak_packages | default(true) | bool

    - name: Make the folder in which it waits
      ansible.builtin.file:
        path: ${SEED_DIR}
        state: directory
        mode: '0700'

    - name: Put the agent into it
      ansible.builtin.copy:
        src: firebreak-seed/
        dest: ${SEED_DIR}/
        mode: '0600'

    - name: Put the unit of the first boot there
      ansible.builtin.copy:
        src: ${FIRST_BOOT_UNIT}
        dest: /etc/systemd/system/${FIRST_BOOT_UNIT}
        mode: '0644'

    - name: Have it started at the boot
      ansible.builtin.file:
        src: /etc/systemd/system/${FIRST_BOOT_UNIT}
        dest: ${LINK}
        state: link
`;

export const printImage = (target: 'ansible' | 'dockerfile', agentText: string): AutomationFile[] => [
  ...listImageFiles(agentText),
  target === 'dockerfile' ? { path: 'Dockerfile.firebreak', text: DOCKERFILE } : { path: 'image.yml', text: IMAGE_PLAYBOOK },
];
