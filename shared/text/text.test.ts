import { describe, expect, it } from 'vitest';
import type { Parsed } from './parsed.ts';
import { parseLabels, printLabels } from './label-text.ts';
import { parsePeer, printPeer } from './peer-text.ts';
import { parseSelectorSet, printSelectorSet } from './selector-text.ts';
import { parseServiceEntry, parseServiceRef, parseServiceRefs, printServiceRefs } from './service-text.ts';

const issuesOf = (result: Parsed<unknown>) => (result.ok ? [] : result.issues.map(({ column, message }) => `${column}: ${message}`));

describe('a selector', () => {
  it('is read with alternatives, negation, OR and exclusions', () => {
    expect(parseSelectorSet(' app = shop , role=web|api + app!=crm ! env=dev !role=db,loc=x ')).toEqual({
      ok: true,
      value: {
        include: [
          {
            terms: [
              { key: 'app', op: '=', values: ['shop'] },
              { key: 'role', op: '=', values: ['web', 'api'] },
            ],
          },
          { terms: [{ key: 'app', op: '!=', values: ['crm'] }] },
        ],
        exclude: [
          { terms: [{ key: 'env', op: '=', values: ['dev'] }] },
          {
            terms: [
              { key: 'role', op: '=', values: ['db'] },
              { key: 'loc', op: '=', values: ['x'] },
            ],
          },
        ],
      },
    });
  });

  it('gives every issue at once, each with its column', () => {
    expect(issuesOf(parseSelectorSet('App=shop,role=,web ! env=dev + x=y'))).toEqual([
      '1: “App”: a label key starts with a-z, then a-z 0-9 _ . - (63 at most)',
      '15: a value is missing here; a label value is never empty',
      '16: “web” is not a condition like key=value; write for instance role=web|api,env=prod',
      '30: exclusions come last, each with its own “!”: app=shop + app=crm ! env=dev ! role=db',
    ]);
  });

  it.each([
    ['', 1],
    ['app=shop +', 11],
    ['app=shop !', 11],
    ['! env=dev', 1],
  ])('is missing in “%s” at column %i', (text, column) => {
    expect(issuesOf(parseSelectorSet(text))[0]).toMatch(new RegExp(`^${column}: a selector is missing`));
  });

  it('prints what it read', () => {
    const result = parseSelectorSet('app=shop,role=web|api+app=crm!env=dev');
    expect(result.ok && printSelectorSet(result.value)).toBe('app=shop,role=web|api + app=crm ! env=dev');
  });
});

describe('an end of a rule', () => {
  it.each(['any', 'role=web', 'app=a + app=b ! role=db', 'zone:shop', 'host:web1', 'iplist:office', '10.0.0.0/8', '10.0.0.5, fd00::/8'])(
    '%s prints as it was typed',
    (text) => {
      const result = parsePeer(text);
      expect(result.ok && printPeer(result.value)).toBe(text);
    },
  );

  it('reports each wrong network at its column', () => {
    expect(issuesOf(parsePeer('10.0.0.5/8, 10.0.0.0/8, 10.0.0.300'))).toEqual([
      '1: 10.0.0.5/8 has host bits set; did you mean 10.0.0.0/8?',
      '25: “10.0.0.300”: 300 is too large; each of the four parts runs from 0 to 255',
    ]);
  });

  it('proposes host: for a bare name', () => {
    expect(issuesOf(parsePeer('web1'))).toEqual([
      '1: “web1” is not an end of a rule (for a host named so: host:web1); write role=web, zone:NAME, host:NAME, iplist:NAME, a network like 10.0.0.0/8, or any',
    ]);
  });

  it('refuses a name that is none', () => {
    expect(issuesOf(parsePeer('zone: a b'))).toEqual(['7: “a b”: a zone name starts with a letter or digit, then letters, digits and . _ - (63 at most)']);
  });
});

describe('a service', () => {
  it.each(['any', 'tcp/5432', 'udp/5000-5010', 'tcp', 'sctp', 'icmp', 'icmp/8', 'icmp/8+13', 'icmpv6/128', 'postgres', 'tcp/80,tcp/443,dns'])(
    '%s prints as it was typed',
    (text) => {
      const result = parseServiceRefs(text);
      expect(result.ok && printServiceRefs(result.value)).toBe(text);
    },
  );

  it.each([
    ['tcp/70000', '5: port 70000 does not exist; ports run from 0 to 65535'],
    ['tcp/443-80', '5: a port range runs from the lower to the higher port; write tcp/80-443'],
    ['tcp/http', '5: “http” is not a port or a range; write tcp/443 or tcp/5000-5010 (several: tcp/80,tcp/443)'],
    ['tcp/', '5: “” is not a port or a range; write tcp/443 or tcp/5000-5010 (several: tcp/80,tcp/443)'],
    ['5432', '1: “5432” names no protocol first; write tcp/5432 or udp/5432'],
    ['53/udp', '1: “53/udp” names no protocol first; write udp/53'],
    ['icmp/256', '6: type 256 does not exist; ICMP types run from 0 to 255'],
    ['', '1: a service is missing; write tcp/5432, udp/5000-5010, tcp, icmp, icmp/8, icmpv6/128, the name of a service, or any'],
  ])('%s is refused and says what to write', (text, issue) => {
    expect(issuesOf(parseServiceEntry(text))).toEqual([issue]);
  });

  it('reports each wrong one of a list at its column', () => {
    expect(issuesOf(parseServiceRefs('tcp/80, tcp/70000,udp/99999'))).toEqual([
      '13: port 70000 does not exist; ports run from 0 to 65535',
      '23: port 99999 does not exist; ports run from 0 to 65535',
    ]);
  });

  it('reads a name that no protocol has as a reference', () => {
    expect(parseServiceRef('tcpdump')).toEqual({ ok: true, value: { kind: 'named', name: 'tcpdump' } });
  });
});

describe('labels', () => {
  it('are read with commas or white space, and printed with the known keys first', () => {
    const result = parseLabels('zebra=1 app=shop,role=web');
    expect(result.ok && printLabels(result.value)).toBe('role=web,app=shop,zebra=1');
  });

  it('are none in an empty text', () => expect(parseLabels(' ')).toEqual({ ok: true, value: {} }));

  it('give every issue at once', () => {
    expect(issuesOf(parseLabels('Role=web app=, web role=a role=b'))).toEqual([
      '1: “Role”: a label key starts with a-z, then a-z 0-9 _ . - (63 at most)',
      '14: “”: a label value starts with a letter or digit, then letters, digits and _ . : / - (63 at most)',
      '16: “web” is not a label; write key=value, like role=web',
    ]);
    expect(issuesOf(parseLabels('role=a role=b'))).toEqual(['8: the key “role” is given twice; a host has one value a key']);
  });

  it('cannot reach what every object inherits', () => {
    const result = parseLabels('constructor=x');
    expect(result.ok && Object.keys(result.value)).toEqual(['constructor']);
  });
});
