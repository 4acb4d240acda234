const NOT_A_NAME = 'no name of a host';
const NAME = /^[A-Za-z0-9_.:-]*[A-Za-z0-9_.-]$/;
const RANGE = /^([^[\]]*)\[(?:(\d*):(\d+)|([a-z]):([a-z])|([A-Z]):([A-Z]))(?::(\d+))?\](.*)$/s;

/** `web[01:12].example:2222` is twelve names and a port, as Ansible takes it: numbers and letters, steps, several ranges. A sentence for what is no name, or stands for more than are taken. */
export function expandHosts(pattern: string, bounds: { readonly range: number; readonly nameChars: number }): { readonly names: readonly string[]; readonly port: number | null } | string {
  if (pattern.length > bounds.nameChars) return `a name has at most ${bounds.nameChars} characters`;
  const { host, port } = splitPort(pattern);
  let open = [host];
  const names: string[] = [];
  while (open.length > 0) {
    const next: string[] = [];
    for (const one of open) {
      if (!one.includes('[')) {
        if (!NAME.test(one)) return NOT_A_NAME;
        names.push(one);
        continue;
      }
      const read = expandFirst(one, bounds.range - names.length - next.length);
      if (typeof read === 'string') return read === 'too many' ? `a range stands for at most ${bounds.range} hosts; divide it` : read;
      next.push(...read);
    }
    open = next;
  }
  return { names, port };
}

/** A port stands behind a name, a range or an address in brackets; an IPv6 address without them has none. */
function splitPort(pattern: string): { host: string; port: number | null } {
  const bracketed = /^\[([0-9a-fA-F]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)\](?::(\d{1,5}))?$/.exec(pattern);
  if (bracketed !== null) return { host: bracketed[1] ?? '', port: toPort(bracketed[2]) };
  const match = /^((?:[^:[\]]|\[[^\]]*\])+):(\d{1,5})$/.exec(pattern);
  return match === null ? { host: pattern, port: null } : { host: match[1] ?? '', port: toPort(match[2]) };
}

const toPort = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

function expandFirst(text: string, room: number): string[] | string {
  const match = RANGE.exec(text);
  if (match === null) return NOT_A_NAME;
  const [, head = '', first = '', last = '', low, lowEnd, high, highEnd, stepText = '1', tail = ''] = match;
  const letters = low !== undefined || high !== undefined;
  const from = letters ? (low ?? high ?? '').charCodeAt(0) : Number(first);
  const to = letters ? (lowEnd ?? highEnd ?? '').charCodeAt(0) : Number(last);
  const step = Number(stepText);
  const isPadded = !letters && first.length > 1 && first.startsWith('0');
  if (to < from || step < 1 || (isPadded && first.length !== last.length)) return NOT_A_NAME;
  const count = Math.floor((to - from) / step) + 1;
  if (count > room) return 'too many';
  return Array.from({ length: count }, (_, at) => {
    const value = from + at * step;
    return `${head}${letters ? String.fromCharCode(value) : String(value).padStart(first.length, '0')}${tail}`;
  });
}
