import type { ReachTry } from '../model/reach-proof.ts';

/** `contradicts`: what happened is not what the policy says. `not-proven`: nothing follows from what was seen. */
export type Conclusion = 'allowed' | 'blocked' | 'contradicts' | 'not-proven';
export type Concluded = { readonly conclusion: Conclusion; readonly cause: string };

export const CONCLUSION_WORDS: Readonly<Record<Conclusion, string>> = { allowed: 'proven allowed', blocked: 'proven blocked', contradicts: 'contradicts policy', 'not-proven': 'not proven' };

/** What somebody must have seen to conclude from a try. */
type Evidence = Pick<ReachTry, 'expect' | 'from' | 'to' | 'port' | 'untried' | 'answer' | 'sent' | 'left' | 'arrived' | 'entered' | 'sourceSilent' | 'destinationSilent'>;

/**
 * What follows from what both ends saw. A time-out alone proves nothing: what is blocked must have been seen to come to rules and not past them. An answer alone does not prove
 * that something is allowed either, since whoever stands between can give it; but a connection that the policy forbids is told in any case. Pure.
 */
export function concludeTry(one: Evidence): Concluded {
  if (one.untried !== '') return { conclusion: 'not-proven', cause: one.untried };
  const unable = UNABLE[one.answer];
  if (unable !== undefined) return { conclusion: 'not-proven', cause: `${one.from}: ${unable}` };
  const met = one.expect === 'deny' ? whereItGotThrough(one) : whereItStopped(one);
  if (met !== null) return { conclusion: 'contradicts', cause: met };
  const asked = one.expect === 'deny' ? whereItStopped(one) : whereItWasAnswered(one);
  if (asked !== null) return { conclusion: one.expect === 'deny' ? 'blocked' : 'allowed', cause: asked };
  return { conclusion: 'not-proven', cause: whatIsMissing(one) };
}

const UNABLE: Partial<Record<ReachTry['answer'], string>> = {
  '': 'nothing was tried',
  'no-tool': 'cannot try, there is no tool (python3, perl, nc of OpenBSD or bash)',
  'no-address': 'its tool cannot connect from this address',
  failed: 'its tool failed',
};

/** A reset from a host past whose rules the SYN came is as good an answer as a listener's. */
function whereItWasAnswered({ answer, to, entered, arrived }: Evidence): string | null {
  if (entered !== 'yes' || arrived === 'no' || (answer !== 'connected' && answer !== 'refused')) return null;
  return answer === 'connected' ? `${to} let it in and took the connection` : `${to} let it in; nothing listens there`;
}

function whereItGotThrough(one: Evidence): string | null {
  const { answer, to, entered } = one;
  if (answer === 'connected') return entered === 'yes' ? `${to} let it in and took the connection` : 'it connected, though it must not';
  if (entered === 'yes') return answer === 'refused' ? `${to} let it in; only nothing listens there` : `${to} let it in, although no answer came back`;
  return null;
}

/** By the rules of an end, as its kernel saw it: a SYN that came to them and not past them. */
function whereItStopped({ answer, from, to, sent, left, arrived, entered }: Evidence): string | null {
  if (answer === 'connected') return null;
  if (sent === 'yes' && left === 'no') return `refused by ${from} on its way out`;
  if (left === 'yes' && arrived === 'yes' && entered === 'no') return `refused by ${to} on its way in`;
  return null;
}

function whatIsMissing({ from, to, answer, sent, left, arrived, entered, sourceSilent, destinationSilent }: Evidence): string {
  const silent = [sourceSilent === '' ? '' : `${from} did not witness: ${sourceSilent}`, destinationSilent === '' ? '' : `${to} did not witness: ${destinationSilent}`].filter((text) => text !== '');
  if (silent.length > 0) return `${ANSWERED[answer]}; ${silent.join('; ')}`;
  if ([sent, left, arrived, entered].includes('mixed')) return 'other connections of the same two ends at the same moment went different ways, and it is not known which of them was this one';
  if (sent === 'no') return `${from} sent nothing (${ANSWERED[answer]}): it has no way there`;
  if (left === 'yes' && arrived === 'no') return `it left ${from} and never came to ${to} (${ANSWERED[answer]}): something between them refuses or translates it`;
  if (entered === 'yes') return `${to} let it in, and no answer came back to ${from} (${ANSWERED[answer]})`;
  return `${ANSWERED[answer]}, and what the two ends saw does not fit together: it may be translated on ${to}`;
}

const ANSWERED: Readonly<Record<ReachTry['answer'], string>> = {
  '': 'nothing was tried',
  connected: 'it connected',
  refused: 'it was refused',
  'timed-out': 'no answer came',
  unreachable: 'it was told that nobody is to be reached',
  'no-address': 'nothing was tried',
  'no-tool': 'nothing was tried',
  failed: 'nothing was tried',
};

export type ProofFigures = Readonly<Record<Conclusion, number>>;

export function countConclusions(tries: readonly Evidence[]): ProofFigures {
  const figures = { allowed: 0, blocked: 0, contradicts: 0, 'not-proven': 0 };
  for (const one of tries) figures[concludeTry(one).conclusion] += 1;
  return figures;
}
