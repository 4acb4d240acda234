import { atLine, type LineAction, lineAt, type Trace } from '../at-line.ts';
import type { FaultCase } from '../fault-case.ts';
import { applyRules, type FaultWorld } from '../fault-world.ts';
import { agentOverSsh } from '../over-ssh.ts';
import { assertInvariants } from '../invariants.ts';
import { readRules } from '../read-rules.ts';

const WINDOW_SECONDS = 5;
const APPLY_POINTS = 20;
const CONFIRM_POINTS = 8;
const ROLLBACK_POINTS = 4;

const applyWords = (id: string) => `apply --id ${id} --by tester --confirm-within ${WINDOW_SECONDS}`;

/** Even points lose the shell alone (an nft that it started goes on), odd ones everything below it too. */
const actionAt = (point: number): LineAction => (point % 2 === 0 ? 'kill-shell' : 'kill-tree');

/** Length of an undisturbed run on this world's host, measured once. */
const traces = new WeakMap<FaultWorld, Map<string, Trace>>();
async function traceOf(world: FaultWorld, what: 'apply' | 'confirm' | 'rollback'): Promise<Trace> {
  const known = traces.get(world) ?? new Map<string, Trace>();
  traces.set(world, known);
  const found = known.get(what);
  if (found) return found;
  const id = world.nextPushId();
  if (what !== 'apply') await applyAs(world, id);
  const words = { apply: `apply --id ${id} --by tester --confirm-within 60`, confirm: `confirm ${id}`, rollback: `rollback --id ${id}` }[what];
  const trace = await atLine(world, 'count', 0, words, what === 'apply' ? world.rules.fresh.text : '');
  if (trace.code !== 0) throw new Error(`an undisturbed ${what} ended with ${trace.code}: ${trace.stdout}`);
  if (what !== 'rollback') await goBackTo(world, id, what);
  known.set(what, trace);
  return trace;
}

async function applyAs(world: FaultWorld, id: string): Promise<void> {
  const answer = await agentOverSsh(world.host, `apply --id ${id} --by tester --confirm-within 60`, world.rules.fresh.text);
  if (answer.code !== 0) throw new Error(`apply ended with ${answer.code}: ${answer.stdout}`);
}

async function goBackTo(world: FaultWorld, id: string, from: 'apply' | 'confirm'): Promise<void> {
  if (from === 'apply') await agentOverSsh(world.host, `rollback --id ${id}`);
  else {
    const back = await applyRules(world, 'old', 60);
    await agentOverSsh(world.host, `confirm ${back}`);
  }
}

function killedApply(point: number): FaultCase {
  const action = actionAt(point);
  return {
    name: `apply killed (${action}) at point ${point + 1} of ${APPLY_POINTS}`,
    ...(point === 8 || point === 13 ? { quick: true as const } : {}),
    run: async (world) => {
      const line = lineAt(await traceOf(world, 'apply'), (point + 0.5) / APPLY_POINTS);
      const sinceMs = performance.now();
      await atLine(world, action, line, applyWords(world.nextPushId()), world.rules.fresh.text);
      const { parts } = await readRules(world.host);
      const { old, fresh } = world.rules;
      if (parts?.every((part, n) => part === old.parts[n] || part === fresh.parts[n]) !== true) throw new Error(`I1: a mixture runs right after the kill:\n${parts?.join('\n') ?? 'nothing'}`);
      await assertInvariants(world, { running: ['old'], sinceMs, windowSeconds: WINDOW_SECONDS });
    },
  };
}

function killedConfirm(point: number): FaultCase {
  const action = actionAt(point);
  return {
    name: `confirm killed (${action}) at point ${point + 1} of ${CONFIRM_POINTS}`,
    ...(point === 5 ? { quick: true as const } : {}),
    run: async (world) => {
      const line = lineAt(await traceOf(world, 'confirm'), (point + 0.5) / CONFIRM_POINTS);
      const sinceMs = performance.now();
      const id = await applyRules(world, 'fresh', WINDOW_SECONDS);
      await atLine(world, action, line, `confirm ${id}`);
      await assertInvariants(world, { running: ['old', 'fresh'], sinceMs, windowSeconds: WINDOW_SECONDS });
    },
  };
}

function killedRollback(point: number): FaultCase {
  const action = actionAt(point);
  return {
    name: `rollback killed (${action}) at point ${point + 1} of ${ROLLBACK_POINTS}`,
    run: async (world) => {
      const line = lineAt(await traceOf(world, 'rollback'), (point + 0.5) / ROLLBACK_POINTS);
      const sinceMs = performance.now();
      const id = await applyRules(world, 'fresh', WINDOW_SECONDS);
      await atLine(world, action, line, `rollback --id ${id}`);
      await assertInvariants(world, { running: ['old'], sinceMs, windowSeconds: WINDOW_SECONDS });
    },
  };
}

const upTo = (count: number) => Array.from({ length: count }, (_, point) => point);

export const killedCases: readonly FaultCase[] = [
  ...upTo(APPLY_POINTS).map(killedApply),
  ...upTo(CONFIRM_POINTS).map(killedConfirm),
  ...upTo(ROLLBACK_POINTS).map(killedRollback),
];
