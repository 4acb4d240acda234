const FORM = /^[A-Za-z][A-Za-z0-9_+/-]*$/;
const MS_A_MINUTE = 60_000;
const formats = new Map<string, Intl.DateTimeFormat | null>();

/** Whether the runtime's time zone data knows the name (`Europe/Berlin`, `UTC`); offsets like `+02:00` are no names. */
export const isTimeZone = (name: string): boolean => FORM.test(name) && findFormat(name) !== null;

/** What the clock on the wall shows at an instant, as if it showed UTC: epoch ms, whole minutes rounded down. Throws for an unknown zone. */
export function readWallClock(atMs: number, timeZone: string): number {
  const format = findFormat(timeZone);
  if (!format) throw new Error(`unknown time zone ${timeZone}`);
  const parts = new Map(format.formatToParts(atMs).map((part) => [part.type, Number(part.value)]));
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'));
}

/** How far the zone's clock is ahead of UTC at an instant, in ms. */
export const readOffsetMs = (atMs: number, timeZone: string): number => readWallClock(atMs, timeZone) - Math.floor(atMs / MS_A_MINUTE) * MS_A_MINUTE;

/** Making a format costs far more than using it, and every rule of a policy is asked. */
function findFormat(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = makeFormat(timeZone);
  if (formats.size < 1000) formats.set(timeZone, made);
  return made;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
