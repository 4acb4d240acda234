import { expect } from 'vitest';
import { AgentStatus } from '../../shared/contract/agent-replies.ts';
import { sampleBundle } from './sample-bundle.ts';
import { openSandbox, type AgentShell, type RunResult, type Sandbox } from './sandbox.ts';

export const HOST_ID = 'h_0123456789ab';
export const OBSERVE = sampleBundle();
export const ENFORCE = sampleBundle({ mode: 'enforce', policy: 2, extraSet: 'a4_ffffffffffff' });

/** The agent's answer as the console reads it; fails when the command did. */
export function statusOf(result: RunResult): AgentStatus {
  expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 });
  return AgentStatus.parse(JSON.parse(result.stdout));
}

/** A host with the agent installed and its observe bundle confirmed. The caller closes it. */
export async function openInstalled(shell: AgentShell, options: Parameters<typeof openSandbox>[1] = {}): Promise<Sandbox> {
  const sandbox = await openSandbox(shell, options);
  statusOf(await sandbox.agent(`install --host-id ${HOST_ID}`, OBSERVE.text));
  return sandbox;
}

export const apply = (sandbox: Sandbox, id: string, text: string, windowSeconds = 60): Promise<RunResult> =>
  sandbox.agent(`apply --id ${id} --by tester --confirm-within ${windowSeconds}`, text);

export const readStatus = async (sandbox: Sandbox): Promise<AgentStatus> => statusOf(await sandbox.agent('status'));

/** Every table of the host, as nft prints them without counter values. */
export const readRuleset = async (sandbox: Sandbox): Promise<string> => (await sandbox.run('nft -s list ruleset')).stdout;

/** The text that decides about packets: rules by chain. Sets and empty chains that nothing refers to decide nothing. */
export const rulesOf = (ruleset: string): string =>
  [...ruleset.matchAll(/^\tchain \w+ \{\n(?:\t\t.*\n)*\t\}$/gm)]
    .map(([chain]) => chain)
    .filter((chain) => chain.includes('\t\t'))
    .join('\n');

/** Asks again until the answer satisfies; fails with the last one after `withinMs`. */
export async function eventually<T>(ask: () => Promise<T>, satisfies: (answer: T) => boolean, withinMs: number): Promise<T> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    if (performance.now() > untilMs) throw new Error(`not within ${withinMs} ms; last: ${JSON.stringify(answer)}`);
  }
}
