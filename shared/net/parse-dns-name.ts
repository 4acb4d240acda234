import { DnsName } from '../model/dns-name.ts';
import { failed, type Parsed, parsed } from '../text/parsed.ts';

const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const LABEL_LENGTH = 63;
const NAME_LENGTH = 253;
const EXAMPLE = 'write a host name like deb.debian.org';

/**
 * Reads a host name as RFC 1123 (section 2.1) has it, and gives it in lower case without the dot at its end. Refused although DNS would take it: one label alone, which
 * each host completes by a search list of its own, and what ends in a number, which some programs read as an address.
 */
export function parseDnsName(text: string): Parsed<DnsName> {
  const typed = text.trim();
  const name = typed.toLowerCase().replace(/\.$/, '');
  const problem = aboutOtherThings(typed, name) ?? aboutForm(typed, name);
  return problem === null ? parsed(DnsName.parse(name)) : failed(problem);
}

/** What people write where a name belongs. */
function aboutOtherThings(typed: string, name: string): string | null {
  if (name === '') return `nothing was written; ${EXAMPLE}`;
  if (name.includes('://') || name.includes('/')) return `“${typed}” is more than a name; ${hostOf(name)}`;
  if (name.includes('*')) return `“${typed}” is a wildcard: DNS cannot be asked which names there are behind it, so no address would ever match; list each name, or the networks of whoever runs them`;
  if (/[^ -~]/.test(name)) return `“${typed}” has letters that DNS does not carry; write the name in punycode, as your registrar or “idn2 NAME” shows it (xn--…)`;
  if (name.includes(':')) return `“${typed}” has a colon; write the name alone (ports belong to services, addresses to cidrs)`;
  return null;
}

function aboutForm(typed: string, name: string): string | null {
  if (name.length > NAME_LENGTH) return `the name has ${name.length} characters, and DNS carries ${NAME_LENGTH}; ${EXAMPLE}`;
  const labels = name.split('.');
  if (labels.includes('')) return `“${typed}” has a part that is empty; ${EXAMPLE}`;
  const long = labels.find((label) => label.length > LABEL_LENGTH);
  if (long !== undefined) return `“${long.slice(0, 20)}…” has ${long.length} characters; each part of a name has ${LABEL_LENGTH} at most`;
  const bad = labels.find((label) => !LABEL.test(label));
  if (bad !== undefined) return `“${typed}”: “${bad}” is no part of a host name; each part has letters, digits and hyphens, and no hyphen at either end`;
  if (/^\d+$/.test(labels.at(-1) ?? '')) return `“${typed}” ends in a number, as an address does; addresses belong to cidrs`;
  if (labels.length === 1) return `“${typed}” has no dot, so that each host completes it in its own way; write the name in full, like ${name}.example.org`;
  return null;
}

const hostOf = (name: string): string => {
  const host = name.replace(/^[a-z][a-z0-9+.-]*:\/\//, '').split(/[/:?#]/)[0] ?? '';
  if (/^[\d.]+$/.test(host)) return 'networks belong to cidrs';
  return host.includes('.') && host.split('.').every((label) => LABEL.test(label)) ? `write ${host} alone` : EXAMPLE;
};
