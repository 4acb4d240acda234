import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Everything that an install leaves, by shell and tools: a test file installs for real once of each kind. */
const installed = new Map<string, string>();
const LEFT = 'usr/local/lib usr/local/sbin etc/firebreak $(ls -d etc/systemd/system/firebreak* 2>/dev/null) var/lib/firebreak run/firebreak';

/** A host with the agent installed and its observe bundle confirmed. The caller closes it. */
export async function openInstalled(shell: AgentShell, options: Parameters<typeof openSandbox>[1] = {}): Promise<Sandbox> {
  const sandbox = await openSandbox(shell, options);
  const kind = JSON.stringify([shell, options]);
  const copy = installed.get(kind);
  if (copy === undefined) {
    statusOf(await sandbox.agent(`install --host-id ${HOST_ID}`, OBSERVE.text));
    installed.set(kind, await packed(sandbox));
  } else {
    expect(await sandbox.run(`cd / && tar -xpf ${copy} && nft -f /var/lib/firebreak/confirmed.nft`)).toMatchObject({ code: 0, stderr: '' });
  }
  return sandbox;
}

async function packed(sandbox: Sandbox): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-installed-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'files.tar');
  expect(await sandbox.run(`cd / && tar -cf ${path} ${LEFT}`)).toMatchObject({ code: 0 });
  return path;
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
