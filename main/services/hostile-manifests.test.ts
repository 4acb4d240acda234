import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, test } from 'vitest';
import { aBundle, bundleEntries, type BundleOrder, type Entry, packEntries, sessionsText, type TestStick } from './testing/a-bundle.ts';
import { type BundleDesk, expectRefused, openBundleDesk } from './testing/bundle-desk.ts';

const MIB = 1_048_576;

let desk: BundleDesk;
let stick: TestStick;
beforeAll(async () => {
  desk = await openBundleDesk();
  stick = desk.stick;
});
afterAll(() => desk.close());

const altered = (order: () => BundleOrder, change: (entries: Entry[]) => Entry[]) => () => packEntries(change(bundleEntries(order())));
const signed = (): BundleOrder => ({ stick });
const unsigned = (): BundleOrder => ({});
const replaced = (name: string, content: string | Buffer) => (entries: Entry[]) =>
  entries.map((entry) => (entry.name === name ? { ...entry, content } : entry));
const without = (name: string) => (entries: Entry[]) => entries.filter((entry) => entry.name !== name);
const flipped = (name: string) => (entries: Entry[]) =>
  entries.map((entry) => {
    const content = Buffer.from(entry.content);
    content.writeUInt8((content[content.length >> 1] ?? 0) ^ 1, content.length >> 1);
    return entry.name === name ? { ...entry, content } : entry;
  });
/** Signed and hashed as it should be, but with this text for a file. */
const saying = (name: string, text: string | Buffer) => () => aBundle({ stick, files: { [name]: text } });
const strangerKey = () => ({ kit: stick.kit, key: generateKeyPairSync('ed25519').privateKey });

const CORPUS: readonly [what: string, make: () => Promise<Buffer>, sentence: RegExp][] = [
  ['no manifest', altered(signed, without('manifest.json')), /manifest\.json is missing/],
  ['a manifest that is no JSON', altered(unsigned, replaced('manifest.json', '{"format":')), /no JSON text in UTF-8/],
  ['a manifest in UTF-16', altered(unsigned, replaced('manifest.json', Buffer.from('\ufeff{}', 'utf16le'))), /no JSON text in UTF-8/],
  [
    'a manifest with bytes that are no UTF-8',
    altered(unsigned, (entries) =>
      entries.map((e) => (e.name === 'manifest.json' ? { ...e, content: Buffer.from(String(e.content).replace('plc-gw', 'plc-\u00ff'), 'latin1') } : e)),
    ),
    /no JSON text in UTF-8/,
  ],
  [
    'a manifest with a byte order mark',
    altered(unsigned, (entries) => entries.map((e) => (e.name === 'manifest.json' ? { ...e, content: `\ufeff${String(e.content)}` } : e))),
    /no JSON text in UTF-8/,
  ],
  [
    'a manifest that is 100,000 deep',
    altered(unsigned, replaced('manifest.json', '['.repeat(100_000) + ']'.repeat(100_000))),
    /not as a collector writes it|no JSON text/,
  ],
  [
    'a manifest with a key of the language',
    () => aBundle({ stick, manifest: JSON.parse('{"__proto__":{"isAdmin":true},"constructor":1}') }),
    /not as a collector writes it/,
  ],
  ['a manifest of another format', () => aBundle({ stick, manifest: { format: 'firebreak-collection/2' as never } }), /not as a collector writes it/],
  [
    'a manifest with 65 absences',
    () => aBundle({ stick, manifest: { absences: Array.from({ length: 65 }, () => ({ kind: 'x', name: 'y' })) } }),
    /not as a collector writes it/,
  ],
  ['a manifest with a time that no clock has', () => aBundle({ stick, manifest: { clock: 1e300 } }), /not as a collector writes it/],
  [
    'a file that its manifest does not name',
    altered(signed, (entries) => [...entries, { name: 'conntrack.txt', content: 'x' }]),
    /conntrack\.txt in it is not in its manifest/,
  ],
  ['a file that is only in its manifest', altered(signed, without('facts.json')), /“facts\.json” is in its manifest and not in it/],
  ['facts that were changed by one bit', altered(signed, flipped('facts.json')), /facts\.json in it was changed/],
  [
    'a manifest that was changed after it was signed',
    altered(signed, (entries) =>
      entries.map((e) => (e.name === 'manifest.json' ? { ...e, content: String(e.content).replace('"root":true', '"root":false') } : e)),
    ),
    /its signature is not that of kit/,
  ],
  [
    'a signature that was changed by one bit',
    altered(() => ({ stick, with: 'openssl' }), flipped('manifest.json.ed25519')),
    /its signature is not that of kit/,
  ],
  ['a signature of a stranger’s key', () => aBundle({ stick: strangerKey() }), /its signature is not that of kit/],
  ['a signature of openssl with a stranger’s key', () => aBundle({ stick: strangerKey(), with: 'openssl' }), /its signature is not that of kit/],
  ['a signature that is missing though it is promised', altered(signed, without('manifest.json.sig')), /says that it is signed, and the signature is missing/],
  [
    'a signature that it says it has not',
    () => {
      const [manifest, ...rest] = bundleEntries({});
      return packEntries([...(manifest === undefined ? [] : [manifest]), { name: 'manifest.json.sig', content: 'x' }, ...rest]);
    },
    /its manifest says that it has none/,
  ],
  ['two signatures', altered(signed, (entries) => [...entries, { name: 'manifest.json.ed25519', content: Buffer.alloc(64) }]), /it has two signatures/],
  ['a kit that this workspace did not make', () => aBundle({ stick: { ...stick, kit: 'k_0123456789ab' } }), /did not make or has forgotten/],
  ['a signature without a kit', () => aBundle({ stick, manifest: { kit: null } }), /did not make or has forgotten/],
  ['a receipt among collections', () => aBundle({ stick, manifest: { kind: 'receipt' } }), /it is a receipt and no collection/],
  ['facts of another host', () => aBundle({ stick, facts: { hostname: 'other' } }), /its facts are of another host/],
  ['facts of another machine', () => aBundle({ stick, facts: { machineId: 'f'.repeat(32) } }), /its facts are of another host/],
  ['facts that are a list', saying('facts.json', '[]'), /facts\.json in it is missing or not as a collector writes it/],
  ['facts of 9 MB', saying('facts.json', Buffer.alloc(9 * MIB, 0x20)), /is said to have 9437184 bytes, and may have 8388608/],
  [
    '5,000 listening services',
    () =>
      aBundle({
        stick,
        facts: {
          listening: Array.from({ length: 5000 }, () => ({
            protocol: 'tcp',
            address: '0.0.0.0',
            port: 1,
            process: null,
            pid: null,
            uid: null,
            user: null,
            unit: null,
          })),
        },
      }),
    /facts\.json in it is missing or not as/,
  ],
  ['a name of 64 kB', () => aBundle({ stick, manifest: { hostname: 'x'.repeat(65_536) } }), /not as a collector writes it/],
  [
    'sessions with a port that there is not',
    saying('sessions.json', sessionsText([{ direction: 'in', local: '10.0.0.1', localPort: 70_000, peer: '10.0.0.2', peerPort: 1 }])),
    /sessions\.json in it is missing or not as/,
  ],
  [
    '20,001 sessions',
    saying(
      'sessions.json',
      sessionsText(Array.from({ length: 20_001 }, () => ({ direction: 'in' as const, local: '10.0.0.1', localPort: 1, peer: '10.0.0.2', peerPort: 1 }))),
    ),
    /sessions\.json in it is missing or not as/,
  ],
];

test.each(CORPUS)('%s: refused with a sentence, and nothing is changed', async (_what, make, sentence) => expectRefused(desk, await make(), sentence));
