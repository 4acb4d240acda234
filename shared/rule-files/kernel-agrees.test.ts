import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readNft } from './read-nft.ts';
import { readRuleFile } from './read-rule-file.ts';
import type { RuleFile } from './rule-file.ts';
import { grantLines } from './testing/grant-lines.ts';

const canLoad = spawnSync('unshare', ['-n', 'nft', 'list', 'ruleset']).status === 0;
/** Loads a ruleset into a kernel of its own network and gives what nft prints of it, as text and as JSON. */
function listedByKernel(text: string): { text: string; json: string } {
  const out = execFileSync('unshare', ['-n', 'sh', '-c', 'nft -f - && nft list ruleset && printf "\\f" && nft -j list ruleset'], { input: text, encoding: 'utf8', maxBuffer: 1 << 26 });
  const [listed = '', json = ''] = out.split('\f');
  return { text: listed, json };
}

function read(text: string): RuleFile {
  const file = readRuleFile(text, null);
  if (!file.ok) throw new Error(file.issues[0]?.message);
  return file.value;
}

/** `why` speaks of words and sets as each form writes them; that something depends is what must agree. */
const lets = (file: RuleFile) => grantLines(file).map((line) => line.replace(/ if .*/, ' if …')).toSorted();

const WRITTEN = `table inet fw {
  set admins { type ipv4_addr; flags interval; elements = { 10.0.0.0/24, 192.168.7.7 } }
  set pairs { type ipv4_addr . inet_proto . inet_service; flags interval; elements = { 10.1.0.0/16 . tcp . 5432, 10.2.0.1 . udp . 53-54 } }
  map verdicts { type inet_service : verdict; elements = { 25 : drop, 587 : accept, 465 : jump mail } }
  chain input {
    type filter hook input priority filter - 5; policy drop;
    ct state vmap { established : accept, related : accept, invalid : drop }
    iifname "lo" accept
    ip saddr @admins tcp dport { ssh, 8000-8100 } counter accept
    ip saddr . meta l4proto . th dport @pairs accept
    tcp dport vmap @verdicts
    tcp dport 81 tcp flags syn / fin,syn,rst,ack accept
    tcp dport 82 tcp flags & (fin | syn | rst | ack) != syn accept
    tcp dport 83 tcp flags ack accept
    tcp dport >= 60000 ip6 saddr fd00::/8 accept
    udp dport != 1-1023 ip saddr != { 10.9.0.0/16 } meta pkttype host accept
    icmp type { echo-request, timestamp-request } accept
    icmpv6 type { nd-neighbor-solicit, nd-router-advert } ip6 hoplimit 255 accept
    ip protocol { esp, ah } accept
    meta nfproto ipv6 meta l4proto gre accept
    tcp dport 90 iifname { "eth0", "eth1" } accept
    tcp dport 91 limit rate 5/second burst 10 packets accept
    tcp dport 92 fib daddr type local accept
    ip saddr . tcp dport != { 10.0.0.1 . 0-95, 10.0.0.2 . 0-95 } drop
    ct state untracked udp dport 97 accept
    udp dport vmap { 96 : accept, * : drop }
    goto rest
  }
  chain mail { ip saddr 10.3.0.0/16 accept; }
  chain rest { ip daddr 10.0.0.5 tcp dport 93 accept; tcp dport 94 reject; ct state new tcp dport 95 log prefix "x " accept; return; }
}
table ip6 other { chain pre { type filter hook prerouting priority raw; policy accept; ip6 saddr fd66::/16 drop; udp dport 97 notrack accept; }; }
table ip nat { chain pre { type nat hook prerouting priority dstnat; policy accept; tcp dport 80 redirect to :8080; }; }`;

describe.skipIf(!canLoad)('the kernel’s own reading', () => {
  test('of a ruleset with everything that is modelled: written, as nft lists it, and as its JSON says it', () => {
    const listed = listedByKernel(WRITTEN);
    const written = lets(read(WRITTEN));
    expect(written.length).toBeGreaterThan(20);
    expect(lets(read(listed.text))).toEqual(written);
    expect(lets(read(listed.json))).toEqual(written);
    expect(read(listed.json).format).toBe('nft-json');
    expect([read(WRITTEN).rules, read(listed.text).rules]).toEqual([read(listed.json).rules, read(listed.json).rules]);
  });
});

/** Facts about nftables that others wrote down; not in this repository. */
const SAMPLES = process.env.FIREBREAK_NFT_SAMPLES ?? new URL('../../../shared/nft-samples', import.meta.url).pathname;

describe.skipIf(!existsSync(SAMPLES))('the samples of rulesets', () => {
  const files = existsSync(SAMPLES) ? readdirSync(SAMPLES).filter((name) => name.endsWith('.nft')) : [];

  test.skipIf(!canLoad).each(files)('%s: nft’s listing and its JSON let in the same as the file; it has as many rules as the kernel holds', (name) => {
    const text = readFileSync(join(SAMPLES, name), 'utf8').replace(/socket cgroupv2 level 2 \. /g, '').replace(/ \. socket cgroupv2 level 2/g, '');
    const loaded = spawnSync('unshare', ['-n', 'nft', '-c', '-f', '-'], { input: text, encoding: 'utf8' });
    const usable = loaded.status === 0 ? text : readFileSync(join(SAMPLES, name), 'utf8');
    const listed = listedByKernel(usable);
    const written = lets(read(usable));
    expect(written.length).toBeGreaterThan(0);
    expect(lets(read(listed.text))).toEqual(written);
    expect(lets(read(listed.json))).toEqual(written);
    expect(read(usable).rules).toBe(listed.json.match(/\{"rule": \{/g)?.length);
  });
});
