import { AlertSettings } from '../../shared/model/alert.ts';

export type ThresholdName = keyof AlertSettings;
/** What was typed; what is left out stands as it is stored. */
export type TypedThresholds = Partial<Record<ThresholdName, string>>;
type Field = { readonly name: ThresholdName; readonly label: string; readonly note?: string };

/** In the order in which they are shown. */
export const THRESHOLDS: readonly Field[] = [
  { name: 'silentAfterHours', label: 'Agent silent: hours since it was last heard', note: '0: at once, when it does not answer' },
  { name: 'quietAfterDays', label: 'Settles after days without being seen again' },
  { name: 'rateFactor', label: 'Connection rate: times the busiest hour', note: 'of the host’s 14 days before' },
  { name: 'rateAtLeast', label: 'Connection rate: at least, connections an hour' },
  { name: 'cpuPercent', label: 'Footprint: % of one CPU' },
  { name: 'addedLatencyMs', label: 'Footprint: ms added to a connect' },
  { name: 'storedMegabytes', label: 'Footprint: MB stored on a host' },
];

export const textOfThreshold = (name: ThresholdName, typed: TypedThresholds, stored: AlertSettings): string => typed[name] ?? String(stored[name]);

/** `settings` is null while one cannot be read; `errors` says what to write in its place. */
export function readThresholds(typed: TypedThresholds, stored: AlertSettings): { readonly settings: AlertSettings | null; readonly errors: TypedThresholds } {
  const numbers = THRESHOLDS.map(({ name }) => [name, toNumber(textOfThreshold(name, typed, stored))]);
  const read = AlertSettings.safeParse(Object.fromEntries(numbers));
  if (read.success) return { settings: read.data, errors: {} };
  const errorOf = (name: ThresholdName) => read.error.issues.find(({ path }) => path[0] === name)?.message;
  return { settings: null, errors: Object.fromEntries(THRESHOLDS.flatMap(({ name }) => (errorOf(name) === undefined ? [] : [[name, errorOf(name)]]))) };
}

/** An empty field is no 0. */
const toNumber = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text.trim()));
