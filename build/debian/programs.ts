import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Program → the Debian package that carries it. The names of the programs are what rings ask for. */
export const debianPackages = {
  nft: 'nftables',
  ip: 'iproute2',
  unshare: 'util-linux',
  busybox: 'busybox-static',
  dash: 'dash',
  bash: 'bash',
  python3: 'python3-minimal',
  'ssh-keygen': 'openssh-client',
  sshd: 'openssh-server',
  openssl: 'openssl',
  rsyslogd: 'rsyslog-openssl', // which brings rsyslog along
  shellcheck: 'shellcheck',
  chromium: 'chromium',
  debootstrap: 'debootstrap',
  ps: 'procps',
  pdftotext: 'poppler-utils',
  qpdf: 'qpdf',
  'qemu-system-x86_64': 'qemu-system-x86',
  cc: 'build-essential', // gcc alone only recommends the C library's headers
  'iptables-legacy-restore': 'iptables',
  ipset: 'ipset',
  conntrack: 'conntrack',
  tcpdump: 'tcpdump',
  zsh: 'zsh',
  fish: 'fish',
  mandoc: 'mandoc',
  'ansible-playbook': 'ansible-core',
  'ansible-inventory': 'ansible-core',
} as const;
export type Program = keyof typeof debianPackages;

/** Looked up on PATH and where Debian keeps the programs of root. Does not run anything. */
export function hasProgram(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** Debian, Ubuntu and what descends from them. */
export const isDebian = (): boolean => process.platform === 'linux' && existsSync('/etc/debian_version') && hasProgram('apt-get');
