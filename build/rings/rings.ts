import type { Program } from '../debian/programs.ts';

/** A ring of tests, and what it needs to run at all. */
export type Ring = {
  readonly name: string;
  readonly runner: 'check' | 'vitest' | 'playwright';
  /** Without these the ring is skipped, with the reason. */
  readonly needs: { readonly linux: boolean; readonly root: boolean; readonly programs: readonly Program[]; readonly chromium: boolean };
  /** Installed where we may; without them the ring runs, and its tests that need one say that they are skipped. */
  readonly wants: readonly Program[];
  /** A ring that takes longer is ended and counts as failed. */
  readonly limitMinutes: number;
};

const nothing = { linux: false, root: false, programs: [], chromium: false } as const;

/** In the order in which they run: what fails fast and often comes first. */
export const rings: readonly Ring[] = [
  { name: 'check', runner: 'check', needs: nothing, wants: ['shellcheck'], limitMinutes: 5 },
  { name: 'unit', runner: 'vitest', needs: nothing, wants: ['busybox', 'pdftotext', 'qpdf', 'ps', 'chromium', 'openssl', 'rsyslogd', 'zsh', 'fish', 'mandoc', 'ansible-inventory'], limitMinutes: 25 },
  { name: 'golden', runner: 'vitest', needs: nothing, wants: ['nft', 'unshare', 'ip', 'iptables-legacy-restore', 'ipset'], limitMinutes: 5 },
  { name: 'dist', runner: 'vitest', needs: { ...nothing, linux: true }, wants: ['chromium'], limitMinutes: 10 },
  { name: 'ssh', runner: 'vitest', needs: nothing, wants: ['sshd', 'ssh-keygen'], limitMinutes: 8 },
  {
    name: 'kernel',
    runner: 'vitest',
    needs: { linux: true, root: true, programs: ['nft', 'ip', 'unshare', 'python3'], chromium: false },
    wants: ['busybox', 'dash', 'bash', 'ps', 'iptables-legacy-restore', 'ipset'],
    limitMinutes: 25,
  },
  {
    name: 'lab',
    runner: 'vitest',
    needs: { linux: true, root: true, programs: ['nft', 'ip', 'unshare', 'debootstrap', 'ssh-keygen'], chromium: false },
    wants: ['ps', 'busybox', 'ansible-playbook'],
    limitMinutes: 40,
  },
  { name: 'ui', runner: 'playwright', needs: { ...nothing, chromium: true }, wants: [], limitMinutes: 40 },
];
