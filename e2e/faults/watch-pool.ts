import type { RunResult } from '../../main/ssh/run-channel.ts';
import { createSshPool, type SshPool } from '../../main/ssh/ssh-pool.ts';

/** One command that the console sends to an agent: its verb, which call of that verb it is (from 1), and what goes in. `meet`: it asks the login shell who answers, which the proof of a push does over its new connection. */
export type AgentCall = { readonly verb: string; readonly nth: number; readonly stdin: string };

/** Stands between the backend and the hosts: `onCall` decides what happens around the real call, which `run` makes. */
export function watchPool(onCall: (call: AgentCall, run: () => Promise<RunResult>) => Promise<RunResult>): SshPool {
  const pool = createSshPool({ maxConnections: 8 });
  const calls = new Map<string, number>();
  return {
    run: (target, request, options) => {
      const run = () => pool.run(target, request, options);
      const verb = verbOf(request.argv);
      if (verb === undefined) return run();
      const nth = (calls.get(verb) ?? 0) + 1;
      calls.set(verb, nth);
      return onCall({ verb, nth, stdin: typeof request.stdin === 'string' ? request.stdin : '' }, run);
    },
    showKey: (target, options) => pool.showKey(target, options),
    close: () => pool.close(),
  };
}

function verbOf([program, word]: readonly string[]): string | undefined {
  if (program === 'printf') return 'meet';
  return program?.endsWith('/firebreak-agent') === true ? word : undefined;
}
