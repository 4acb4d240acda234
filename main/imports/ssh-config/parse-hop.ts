/** A destination as `ssh -J` takes it; nulls are what it leaves to the configuration. */
export type HopText = { readonly host: string; readonly user: string | null; readonly port: number | null };

const HOP = /^(?:ssh:\/\/)?(?:([^\s,]+)@)?(?:\[([0-9A-Za-z.:%_-]+)\]|([^\s:,@[\]/]+))(?::(\d{1,5}))?\/?$/;
const MAX_CHARS = 400;
const MAX_HOPS = 16;

/** Null for what ssh would not take either. */
export function parseHop(text: string): HopText | null {
  const match = text.length > MAX_CHARS ? null : HOP.exec(text.trim());
  if (match === null) return null;
  const port = match[4] === undefined ? null : Number(match[4]);
  return port !== null && (port < 1 || port > 65_535) ? null : { host: match[2] ?? match[3] ?? '', user: match[1] ?? null, port };
}

/** `a,u@b:22`, from the console outward; none for “none”. Null where one of them cannot be read. */
export function parseJumps(text: string): HopText[] | null {
  if (text.trim().toLowerCase() === 'none') return [];
  const hops = text.split(',').map(parseHop);
  return hops.length > MAX_HOPS || hops.includes(null) ? null : hops.flatMap((hop) => hop ?? []);
}

const WORD = String.raw`(?:"[^"]*"|'[^']*'|[^\s"']+)`;
const OPTION = String.raw`(?:-[qxTaAnC46]+|-o\s*${WORD}|-i\s*${WORD})`;
const FORWARD = new RegExp(String.raw`^(?:/usr/bin/)?ssh((?:\s+(?:${OPTION}|-W\s*["']?\[?%h\]?:%p["']?|-l\s*[\w.-]+|-p\s*\d+))*)\s+(?!-)(\S+)((?:\s+(?:${OPTION}|-W\s*["']?\[?%h\]?:%p["']?))*)$`);

/** The one jump that a command like `ssh -W %h:%p user@gate` means; null for any other command, none of which is ever run. */
export function jumpOfCommand(command: string): HopText | null {
  const match = command.length > MAX_CHARS ? null : FORWARD.exec(command.trim());
  const options = `${match?.[1] ?? ''} ${match?.[3] ?? ''}`;
  if (match === null || !/-W\s*["']?\[?%h/.test(options) || /proxy(jump|command)/i.test(options)) return null;
  const hop = parseHop((match[2] ?? '').replaceAll(/^["']|["']$/g, ''));
  if (hop === null) return null;
  const port = /\s-p\s*(\d+)/.exec(options)?.[1];
  return { host: hop.host, user: hop.user ?? /\s-l\s*([\w.-]+)/.exec(options)?.[1] ?? null, port: hop.port ?? (port === undefined ? null : Number(port)) };
}
