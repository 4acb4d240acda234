import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDnsName } from './parse-dns-name.ts';

const answer = (text: string): string => {
  const result = parseDnsName(text);
  return result.ok ? result.value : (result.issues[0]?.message ?? '');
};

it.each([
  ['deb.debian.org', 'deb.debian.org'],
  [' Deb.Debian.ORG. ', 'deb.debian.org'],
  ['xn--mnchen-3ya.example', 'xn--mnchen-3ya.example'],
  ['3com.com', '3com.com'],
  ['a.b', 'a.b'],
])('makes %s canonical as %s', (text, canonical) => {
  expect(answer(text)).toBe(canonical);
});

it.each([
  ['', 'nothing was written; write a host name like deb.debian.org'],
  ['*.debian.org', '“*.debian.org” is a wildcard: DNS cannot be asked which names there are behind it, so no address would ever match; list each name, or the networks of whoever runs them'],
  ['münchen.example', '“münchen.example” has letters that DNS does not carry; write the name in punycode, as your registrar or “idn2 NAME” shows it (xn--…)'],
  ['https://deb.debian.org/debian', '“https://deb.debian.org/debian” is more than a name; write deb.debian.org alone'],
  ['10.0.0.0/8', '“10.0.0.0/8” is more than a name; networks belong to cidrs'],
  ['deb.debian.org:443', '“deb.debian.org:443” has a colon; write the name alone (ports belong to services, addresses to cidrs)'],
  ['fd00::5', '“fd00::5” has a colon; write the name alone (ports belong to services, addresses to cidrs)'],
  ['10.0.0.5', '“10.0.0.5” ends in a number, as an address does; addresses belong to cidrs'],
  ['repo', '“repo” has no dot, so that each host completes it in its own way; write the name in full, like repo.example.org'],
  ['deb..org', '“deb..org” has a part that is empty; write a host name like deb.debian.org'],
  ['-a.example', '“-a.example”: “-a” is no part of a host name; each part has letters, digits and hyphens, and no hyphen at either end'],
  ['a-.example', '“a-.example”: “a-” is no part of a host name; each part has letters, digits and hyphens, and no hyphen at either end'],
  ['_dmarc.example.org', '“_dmarc.example.org”: “_dmarc” is no part of a host name; each part has letters, digits and hyphens, and no hyphen at either end'],
  ['$(reboot).example', '“$(reboot).example”: “$(reboot)” is no part of a host name; each part has letters, digits and hyphens, and no hyphen at either end'],
  ['a b.example', '“a b.example”: “a b” is no part of a host name; each part has letters, digits and hyphens, and no hyphen at either end'],
  [`${'a'.repeat(64)}.example`, '“aaaaaaaaaaaaaaaaaaaa…” has 64 characters; each part of a name has 63 at most'],
  [`${'a.'.repeat(130)}example`, 'the name has 267 characters, and DNS carries 253; write a host name like deb.debian.org'],
])('refuses %s with what to write instead', (text, message) => {
  expect(answer(text)).toBe(message);
});

it('whatever is typed, a name that is taken has nothing that a shell or a resolver could read otherwise, and is read as itself', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.domain(), fc.string({ unit: fc.constantFrom('a', '1', '-', '.', '$', ' ', '_') })), (text) => {
      const read = parseDnsName(text);
      if (!read.ok) return;
      expect(read.value).toMatch(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
      expect(read.value.startsWith('-')).toBe(false);
      expect(parseDnsName(read.value)).toEqual(read);
    }),
  );
});
