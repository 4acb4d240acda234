import { type CollectRound, MAX_EVERY_MINUTES, type PassedWhy } from '../contract/collect-rounds.ts';
import { countText } from './amount-text.ts';
import { failed, type Parsed } from './parsed.ts';

const SHOWN = 5;

/** `15m`, `2h`: from a minute to a day, in minutes. */
export function parseEvery(text: string): Parsed<number> {
  const match = /^(\d{1,4}) ?(m|h)$/.exec(text.trim());
  const minutes = match === null ? 0 : Number(match[1]) * (match[2] === 'h' ? 60 : 1);
  return minutes >= 1 && minutes <= MAX_EVERY_MINUTES ? { ok: true, value: minutes } : failed(`“${text}” is no time from 1m to 24h; write for instance 15m or 1h`);
}

/** `15 minutes`, `1 hour`. */
export const everyText = (minutes: number): string => (minutes % 60 === 0 ? countText(minutes / 60, 'hour') : countText(minutes, 'minute'));

const WHY: Readonly<Record<PassedWhy, string>> = {
  password: 'Not asked for want of a password',
  push: 'Left out for a push',
  busy: 'Left out because something else was done there',
  'left-alone': 'Failed lately and left alone for a while',
};

/** For people, a sentence each: how many answered, who failed and who was not asked, and why. */
export function describeRound({ hosts, answered, withoutAgent, failed: failures, passed }: CollectRound): string[] {
  const head = hosts === 0 ? 'No host with an agent was there to be asked.' : `${answered} of ${countText(hosts, 'host')} answered.`;
  const reasons = (Object.keys(WHY) as PassedWhy[]).map((why): [string, string[]] => [WHY[why], passed.filter((host) => host.why === why).map(({ hostName }) => hostName)]);
  const named = [['Failed', failures.map(({ hostName }) => hostName)] as const, ...reasons].filter(([, names]) => names.length > 0);
  return [head, ...named.map(([words, names]) => `${words}: ${listNames(names)}.`), ...(withoutAgent === 0 || hosts === 0 ? [] : [`${countText(withoutAgent, 'host')} without an agent.`])];
}

const listNames = (names: readonly string[]): string => `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''}`;
