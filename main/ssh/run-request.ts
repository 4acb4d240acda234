/** One command on one host. */
export type RunRequest = {
  argv: readonly [string, ...string[]];
  /** Appended verbatim after the quoted argv, e.g. `--ssh "$SSH_CONNECTION"`; fixed text from our own code only. */
  rawSuffix?: string;
  /** Run as root, in the way that the target says. */
  sudo: boolean;
  /** Sent whole, then end of file. Absent: end of file at once. */
  stdin?: Uint8Array | string;
  /** Leaves stdin open behind `stdin` until `over` settles. `said` gets all of stdout so far, whenever there is more. */
  hold?: { readonly said: (stdout: string) => void; readonly over: Promise<void> };
  /** Counts for connecting and again for running; waiting for a free connection or channel of ours is not counted. */
  timeoutMs: number;
  /** stdout and stderr together. */
  maxOutputBytes: number;
  signal?: AbortSignal;
  /** For messages, e.g. `loading the new rules`. */
  doing: string;
};
