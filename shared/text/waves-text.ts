import { MAX_WAVES, type Waves, WaveSize } from '../model/waves.ts';
import { failed, type Parsed } from './parsed.ts';

const AT_ONCE = 'all';

/** `1, 10%`: how many hosts go together, in order, the rest at the end; `all`: together at once. */
export function parseWaves(text: string): Parsed<Waves> {
  const words = text.split(',').map((word) => word.trim());
  if (text.trim() === AT_ONCE) return { ok: true, value: [] };
  if (words.length > MAX_WAVES) return failed(`at most ${MAX_WAVES} waves can be named; the rest of the hosts follows anyway`);
  const sizes = words.map(parseSize);
  const bad = sizes.indexOf(null);
  return bad === -1 ? { ok: true, value: sizes.filter((size) => size !== null) } : failed(`“${words[bad] ?? ''}” is neither a number of hosts (1) nor a share of them (10%); all at once is written: ${AT_ONCE}`);
}

function parseSize(word: string): WaveSize | null {
  const match = /^(\d{1,6}) ?(%)?$/.exec(word);
  if (match === null) return null;
  const parsed = WaveSize.safeParse(match[2] === undefined ? { hosts: Number(match[1]) } : { percent: Number(match[1]) });
  return parsed.success ? parsed.data : null;
}

/** The text that `parseWaves` reads. */
export const formatWaves = (waves: Waves): string => (waves.length === 0 ? AT_ONCE : waves.map((size) => ('hosts' in size ? String(size.hosts) : `${size.percent}%`)).join(', '));

const SHOWN = 5;

/** For people: `In 3 waves, each once the one before has confirmed: web-1; db-1; app-1, app-2 and 21 more.`. */
export function formatPlannedWaves(waves: readonly (readonly { readonly hostName: string }[])[]): string {
  const names = (wave: readonly { readonly hostName: string }[]) => `${wave.slice(0, SHOWN).map(({ hostName }) => hostName).join(', ')}${wave.length > SHOWN ? ` and ${wave.length - SHOWN} more` : ''}`;
  return `In ${waves.length} waves, each once the one before has confirmed: ${waves.map(names).join('; ')}.`;
}
