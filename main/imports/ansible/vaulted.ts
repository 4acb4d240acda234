import type { TemplateValue } from './template-value.ts';

/** A value that Ansible Vault encrypted. */
export const isVaulted = (value: TemplateValue): boolean => typeof value === 'string' && value.trimStart().startsWith('$ANSIBLE_VAULT;');

/** Passwords that Ansible would log in or become with. */
export const PASSWORDS = { login: ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'], become: ['ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass', 'ansible_sudo_password'] } as const;
