import type { EvidencePeriod, RowOf } from './evidence-tables.ts';

/** What a host ran from `fromMs` to `untilMs`. `cause` says why it is no plain mode: '' where it is. */
export type ModeSpan = { readonly fromMs: number; readonly untilMs: number; readonly mode: string; readonly zone: string; readonly cause: string };

/** How long a change of the rules can have been there before `verify` finds it: its timer runs every five minutes (agent/README.md). */
export const VERIFY_EVERY_MS = 300_000;

type Loaded = { readonly mode: string; readonly zone: string };
type State = { readonly running: Loaded | null; readonly pending: (Loaded & { readonly push: string }) | null; readonly why: string; readonly broken: Broken };
/** `text` '': its rules are those that were loaded. `foundAtMs`: when that was seen, which is after it was so. */
type Broken = { readonly text: string; readonly foundAtMs: number };
type Entry = { readonly atMs: number; readonly apply: (state: State) => State };

const WHOLE: Broken = { text: '', foundAtMs: 0 };
const NEVER: State = { running: null, pending: null, why: 'no push to it had been confirmed', broken: WHOLE };

/**
 * What one host ran over the period, by the transitions of pushes and by what the host recorded about itself. Contiguous, covers the period, neighbours differ.
 * From loading to confirming it ran either of two bundles, so that only a mode that both have counts. A tampering, and drift that was read back, count from one run of `verify` before they were found.
 */
export function traceModes(steps: readonly RowOf<'push_steps'>[], events: readonly RowOf<'integrity'>[], { fromMs, untilMs }: EvidencePeriod): ModeSpan[] {
  const entries = [...steps.map(toStepEntry), ...events.map(toEventEntry)].sort((a, b) => a.atMs - b.atMs);
  const spans: ModeSpan[] = [];
  let state = NEVER;
  let sinceMs = fromMs;
  const close = (atMs: number): void => {
    const endMs = Math.min(atMs, untilMs);
    if (endMs <= sinceMs) return;
    const shown = describe(state);
    const last = spans.at(-1);
    if (last !== undefined && last.mode === shown.mode && last.zone === shown.zone && last.cause === shown.cause) spans[spans.length - 1] = { ...last, untilMs: endMs };
    else spans.push({ fromMs: sinceMs, untilMs: endMs, ...shown });
    sinceMs = endMs;
  };
  for (const { atMs, apply } of entries) {
    close(atMs);
    state = apply(state);
  }
  close(untilMs);
  return spans;
}

function describe({ running, pending, why, broken }: State): Loaded & { cause: string } {
  if (broken.text !== '') return { mode: 'changed', zone: running?.zone ?? '', cause: broken.text };
  if (pending !== null && (running?.mode !== pending.mode || running.zone !== pending.zone)) return { mode: 'switching', zone: pending.zone, cause: `push ${pending.push} to ${pending.mode} was under way` };
  if (running === null || why !== '') return { mode: running === null ? 'none' : 'unknown', zone: running?.zone ?? '', cause: why };
  return { mode: running.mode, zone: running.zone, cause: '' };
}

function toStepEntry({ at, step, push, mode, zone }: RowOf<'push_steps'>): Entry {
  const entry = (apply: Entry['apply']): Entry => ({ atMs: at, apply });
  switch (step) {
    case 'applying':
      return entry((state) => ({ ...state, pending: { mode, zone, push } }));
    case 'confirmed':
      // A push loads all rules anew; what was found after it was broken after it.
      return entry(({ broken }) => ({ running: { mode, zone }, pending: null, why: '', broken: broken.foundAtMs > at ? broken : WHOLE }));
    case 'rolled-back':
      return entry((state) => ({ ...state, pending: null, why: state.running === null ? NEVER.why : '' }));
    case 'unknown':
      return entry((state) => ({ ...state, pending: null, why: `what it ran after push ${push} is not known` }));
    default:
      return entry((state) => state);
  }
}

function toEventEntry({ at, event, subject, from }: RowOf<'integrity'>): Entry {
  const ofRules = subject.split(' ').includes('rules');
  const broken = (atMs: number, text: string): Entry => ({ atMs, apply: (state) => ({ ...state, broken: { text, foundAtMs: at } }) });
  if (event === 'tampered' && ofRules) return broken(at - VERIFY_EVERY_MS, 'its rules were changed on the host');
  if (event === 'restored' && ofRules) return broken(at, from === 'confirmed.nft' ? '' : `it ran ${from} and not its confirmed rules`);
  if (event === 'rolled-back' && subject === 'open') return broken(at, 'a rollback removed its rules');
  if (event === 'read-back-drifted') return broken(at - VERIFY_EVERY_MS, 'it was read back with other rules than were confirmed');
  if (event === 'agent-uninstalled') return { atMs: at, apply: () => ({ ...NEVER, why: 'its agent was uninstalled' }) };
  if (event === 'read-back-no-agent') return { atMs: at, apply: () => ({ ...NEVER, why: 'no agent was found on it' }) };
  if (event === 'agent-installed') return { atMs: at, apply: (state) => (state.running === null ? { running: { mode: 'observe', zone: '' }, pending: null, why: '', broken: WHOLE } : state) };
  return { atMs: at, apply: (state) => state };
}
