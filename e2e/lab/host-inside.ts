import type { Command, ExecOptions } from './host-exec.ts';

/** What the parts of a host need of it: its name and addresses, its PID 1, and a way to run commands inside. {@link LabHost} is one. */
export type HostInside = {
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly initPid: number;
  run(command: Command, options?: ExecOptions): Promise<string>;
};
