import { boundAnswer, type LookedUp } from './look-up.ts';

/** `ADDRESS STREAM NAME`, three lines an address (getent(1), ahosts); an address may carry its interface. */
const LINE = /^([0-9A-Fa-f.:]{2,45})(%[A-Za-z0-9._-]{1,15})?[ \t]+(STREAM|DGRAM|RAW)([ \t]+[\x21-\x7e]{0,255})?[ \t]*$/;
/** Three lines for each of the addresses that are kept, and as many again. */
const MAX_LINES = 400;
/** An address, what pads it, and a name. Longer ones are not looked at: LINE tries every way to part a run of blanks, which is the square of its length. */
const MAX_LINE_CHARS = 512;

/** What a host printed, which may be anything: one line that is none of a list of addresses, and nothing of it counts. */
export function parseGetent(stdout: string): LookedUp {
  const lines = stdout.split('\n').filter((line) => line !== '');
  if (lines.length > MAX_LINES) return { addresses: [], problem: `it answered ${lines.length} lines; a list of addresses has ${MAX_LINES} at most` };
  const addresses: string[] = [];
  for (const line of lines) {
    const [, address] = line.length > MAX_LINE_CHARS ? [] : (LINE.exec(line) ?? []);
    if (address === undefined) return { addresses: [], problem: 'its answer is no list of addresses' };
    addresses.push(address);
  }
  return addresses.length === 0 ? { addresses: [], problem: 'its answer was empty' } : boundAnswer(addresses);
}
