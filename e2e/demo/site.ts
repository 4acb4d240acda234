/** Where the demo happens: the lab's real hosts, or in-process SSH hosts where one is not root on Linux. */
export type SiteHost = { name: string; address: string; port: number; labels: string; fingerprint: string };

/** One connection attempt by a process on `from`, as `user` within systemd unit `unit`. */
export type Attempt = { from: string; to: string; port: number; family: 4 | 6; user: string; unit: string };
export type Outcome = 'connected' | 'refused' | 'timeout' | 'unreachable';

export type Site = {
  /** Whether a kernel really filters real packets here. */
  real: boolean;
  hosts: readonly SiteHost[];
  sshKeyPath: string;
  /** One round of everything that the application does on a normal day. Resolves to what failed, empty when nothing did. */
  workday(): Promise<string[]>;
  attempt(attempt: Attempt): Promise<Outcome>;
  stop(): Promise<void>;
};
