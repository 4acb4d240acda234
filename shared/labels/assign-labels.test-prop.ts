import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostId } from '../policy/testing/builders.ts';
import { assignLabels, type LabelBook } from './assign-labels.ts';
import { acceptClaims, listPending, nextClaims, putLabelRule } from './edit-labels.ts';
import type { LabelHost } from './match-label-rule.ts';
import { aLabelHost, aLabelRule, saidFacts } from './testing/a-label-rule.ts';

const labels = fc.dictionary(fc.constantFrom('role', 'app', 'team'), fc.constantFrom('a', 'b'), { maxKeys: 3 });
const typed = (of: Record<string, string>): string => Object.entries(of).map(([key, value]) => `${key}=${value}`).join(',');
const said = fc.record({ os: fc.constantFrom('debian', 'alpine'), port: fc.constantFrom(22, 80, 5432), address: fc.constantFrom('10.0.0.1', '10.1.0.1') }).map(({ os, port, address }) => saidFacts({ texts: { os: [os] }, listens: [{ protocol: 'tcp', from: port, to: port }], addresses: [address] }));
const host = (n: number) => fc.record({ name: fc.constantFrom('db', 'web', 'prod-db'), labels, entered: fc.subarray(['10.0.0.9', '10.1.0.9']), said: fc.option(said) }).map((of) => aLabelHost({ ...of, n, name: `${of.name}-${n}`, labels: typed(of.labels) }));
const hosts = fc.integer({ min: 1, max: 5 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => host(i + 1))));
const rule = fc.record({ names: fc.constantFrom('', '*db*', 'web-#', '{env}-db-*'), networks: fc.constantFrom('', '10.1.0.0/16'), facts: fc.constantFrom('', 'os=debian', 'listens=tcp/5432, os=*'), labels, accept: fc.subarray([1, 2, 3, 4, 5]) });
const steps = fc.array(rule, { maxLength: 5 });

function makeBook(wanted: readonly { names: string; networks: string; facts: string; labels: Record<string, string>; accept: number[] }[], fleet: readonly LabelHost[]): LabelBook {
  return wanted.reduce<LabelBook>(
    (book, { labels: given, accept, ...conditions }, i) => putLabelRule(book, aLabelRule({ ...conditions, n: i + 1, labels: typed(given) }), { index: null, accept: accept.map(hostId), hosts: fleet, by: 'ada', atMs: 1 }),
    { rules: [], claims: [] },
  );
}

test('the order of hosts and of claims changes no label, and labels set by hand never change', () => {
  fc.assert(
    fc.property(hosts, steps, (fleet, wanted) => {
      const book = makeBook(wanted, fleet);
      const labelled = assignLabels(book, fleet);
      const other = assignLabels({ ...book, claims: book.claims.toReversed() }, fleet.toReversed());
      for (const { id, labels: byHand } of fleet) {
        expect(other.get(id)).toEqual(labelled.get(id));
        expect(labelled.get(id)?.labels).toMatchObject(byHand);
      }
    }),
  );
});

test('whatever a host says, no host’s labels change until somebody accepts it', () => {
  fc.assert(
    fc.property(hosts, steps, fc.array(fc.tuple(fc.nat(4), said), { maxLength: 6 }), (fleet, wanted, words) => {
      const book = makeBook(wanted, fleet);
      const before = [...assignLabels(book, fleet)].map(([id, { labels: given }]) => [id, given]);
      let after = book;
      for (const [i, word] of words) {
        const speaker = fleet[i % fleet.length];
        if (speaker === undefined) continue;
        const claims = nextClaims(after, { ...speaker, said: word });
        after = { rules: after.rules, claims: [...after.claims.filter((claim) => claim.host !== speaker.id), ...claims] };
      }
      expect([...assignLabels(after, fleet)].map(([id, { labels: given }]) => [id, given])).toEqual(before);
    }),
  );
});

test('accepting what waits does what was shown, and leaves it waiting no more', () => {
  fc.assert(
    fc.property(hosts, steps, (fleet, wanted) => {
      const book = makeBook(wanted, fleet);
      for (const { claim, after } of listPending(book, fleet)) {
        const accepted = acceptClaims(book, [claim], { by: 'ada', atMs: 2 });
        expect(assignLabels(accepted, fleet).get(claim.host)?.labels).toEqual(after.labels);
        expect(listPending(accepted, fleet).map((other) => `${other.claim.rule} ${other.claim.host}`)).not.toContain(`${claim.rule} ${claim.host}`);
      }
    }),
  );
});
