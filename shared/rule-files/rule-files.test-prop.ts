import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listGrants } from './list-grants.ts';
import { readIptables } from './read-iptables.ts';
import { readNft } from './read-nft.ts';
import { readRuleFile } from './read-rule-file.ts';
import { MAX_BLIND_SPOTS, type RuleFile } from './rule-file.ts';

const NFT_WORDS = ['table', 'inet', 'ip', 'filter', 'chain', 'input', '{', '}', '{', '}', ';', '\n', 'type', 'hook', 'priority', 'policy', 'drop', 'accept', 'tcp', 'udp', 'dport', 'sport', 'saddr', 'daddr', '10.0.0.1', '10.0.0.0/8', 'fe80::/10', '22', '80-90', ',', '.', ':', 'vmap', '@set', '$X', 'define', '=', '!=', '&', '|', '(', ')', 'jump', 'goto', 'return', 'a', 'ct', 'state', 'new', 'add', 'rule', 'element', 'set', 'elements', 'flags', 'dynamic', 'counter', 'packets', 'limit', 'rate', 'log', 'prefix', '"x', '"', '\\', '#', 'reject', 'with', 'meta', 'mark', 'icmp', 'flush', 'delete', 'insert', 'constructor', '__proto__', '-', '\u001b[31m', '=1+1', '<b>', '\u202e'];
const IPT_WORDS = ['*filter', '*nat', '*x', ':INPUT', 'DROP', 'ACCEPT', '[0:0]', '\n', '-A', '-I', '-N', '-P', 'INPUT', 'a', '-j', '-g', '-s', '-d', '!', '10.0.0.0/8', '10.0.0.0/255.0.0.0', '-p', 'tcp', '--dport', '22', '1:2', '-m', 'multiport', '--dports', '"', "'", '\\', '--syn', '--tcp-flags', 'SYN', '--icmp-type', '8', 'RETURN', 'COMMIT', 'constructor', '__proto__', '--constructor', '\u001b]0;x\u0007', '-i', 'lo', 'toString'];
const text = (words: readonly string[]) => fc.array(fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) }), { maxLength: 120 }).map((list) => list.join(' '));
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be shown
const LOUD = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/;

/** What is shown of a file is inert and short, and it can be judged. */
function isTame(file: RuleFile): void {
  for (const spot of [...file.blindSpots, ...[...file.chains.values()].flatMap(({ rules }) => rules)]) {
    expect(spot.text).not.toMatch(LOUD);
    expect(spot.text.length).toBeLessThan(800);
  }
  expect(file.blindSpots.length).toBeLessThanOrEqual(MAX_BLIND_SPOTS);
  expect(file.exactRules).toBeLessThanOrEqual(file.rules);
  for (const { from } of listGrants([file], []).grants) expect(from.length).toBeGreaterThan(0);
}

describe('nothing in a text makes a reader throw', () => {
  test('words of nft in any order', () => fc.assert(fc.property(text(NFT_WORDS), (one) => isTame(readNft(one)))));
  test('statements of nft in any order, in a chain that is asked', () => fc.assert(fc.property(text(NFT_WORDS), (one) => isTame(readNft(`table inet t { chain input { type filter hook input priority 0; policy drop; ${one} } }`)))));
  test('words of iptables in any order', () => fc.assert(fc.property(text(IPT_WORDS), (one) => isTame(readIptables(one, 4)))));
  test('any text, of any format', () => fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (one) => void readRuleFile(one, null))));
  test('any JSON where nft’s is expected', () => fc.assert(fc.property(fc.anything({ maxDepth: 4 }), (one) => {
    const shapes = [{ nftables: one }, { nftables: [one, { rule: one }, { chain: { family: 'ip', table: 't', name: 'input', hook: 'input', prio: 0, policy: 'drop' } }, { rule: { family: 'ip', table: 't', chain: 'input', expr: [one, { match: { op: '==', left: one, right: one } }, { match: { op: '==', left: { meta: { key: 'l4proto' } }, right: one } }, { vmap: { key: one, data: one } }, { accept: null }] } }] }];
    for (const shape of shapes) {
      const read = readRuleFile(JSON.stringify(shape, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)), null);
      if (read.ok) isTame(read.value);
    }
  })));
});

describe('a text cannot make a reader work for ever', () => {
  test.each([
    ['nested braces', `table ip t ${'{'.repeat(200_000)}`],
    ['one rule of very many words', `table ip t { chain input { type filter hook input priority 0; ${'meta mark set 1 '.repeat(60_000)} } }`],
    ['variables that double', `${Array.from({ length: 40 }, (_, i) => `define V${i + 1} = { $V${i}, $V${i} }`).join('\n')}\ntable ip t { chain input { type filter hook input priority 0; ip saddr $V40 accept; } }`.replace('$V0', '10.0.0.1')],
    ['chains that call each other twice', `table ip t { chain input { type filter hook input priority 0; policy drop; jump c0; } ${Array.from({ length: 60 }, (_, i) => `chain c${i} { jump c${i + 1}; jump c${i + 1}; tcp dport ${i} accept; }`).join(' ')} chain c60 { accept; } }`],
    ['a chain that calls itself', 'table ip t { chain input { type filter hook input priority 0; policy drop; jump a; } chain a { jump a; tcp dport 22 accept; } }'],
    ['very many addresses and ports', `table ip t { chain input { type filter hook input priority 0; policy drop; ${Array.from({ length: 5000 }, (_, i) => `ip saddr 10.${i >> 8}.${i & 255}.1 tcp dport ${i + 1} accept`).join('\n')} } }`],
    ['wide networks around very many addresses', `table ip t { chain input { type filter hook input priority 0; policy drop; ${Array.from({ length: 12_000 }, (_, i) => `ip saddr ${i % 2 === 0 ? `10.${i >> 8}.${i & 255}.1` : `${i & 63}.0.0.0-255.255.${i >> 8}.${i & 255}`} accept`).join('\n')} } }`],
    ['very many pairs of addresses and ports', `table ip t { chain input { type filter hook input priority 0; policy drop; ip saddr . tcp dport { ${Array.from({ length: 1500 }, (_, i) => `10.${i >> 8}.${i & 255}.1 . ${i + 1}`).join(', ')} } accept } }`],
    ['very many ports, asked again and again', `table ip t { set odd { type inet_service; elements = { ${Array.from({ length: 8000 }, (_, i) => 2 * i + 1).join(', ')} } } chain input { type filter hook input priority 0; policy drop; ${'tcp dport @odd udp dport 5 accept; '.repeat(20)} } }`],
    ['every other port by itself', `table ip t { chain input { type filter hook input priority 0; policy drop; tcp dport { ${Array.from({ length: 13_000 }, (_, i) => 2 * i + 1).join(', ')} } accept } }`],
    ['quotes and brackets that never end', `table ip t { chain input { type filter hook input priority 0; tcp dport { 22, "${'x'.repeat(100_000)}`],
  ])('%s', (_, whole) => {
    const read = readRuleFile(whole, null);
    if (read.ok) listGrants([read.value], []);
    expect(read.ok).toBe(true);
  });
});
