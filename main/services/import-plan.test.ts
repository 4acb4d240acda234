import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HostRecord } from '../db/host-store.ts';
import type { ListedHost } from '../imports/listed-host.ts';
import { createNewId } from './new-id.ts';
import { type ImportPlan, planImport } from './import-plan.ts';
import { createTakenAddresses } from './taken-addresses.ts';

const newId = createNewId();
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const name = fc.constantFrom(...NAMES);
const address = fc.integer({ min: 1, max: 8 }).map((last) => `10.0.0.${last}`);
const ssh = fc.record({ address, port: fc.constantFrom(22, 2222), user: fc.constantFrom('root', 'ops'), identity: fc.constant({ kind: 'agent' as const }), sudo: fc.constant('none' as const), jump: fc.option(name) });
const labels = fc.dictionary(fc.constantFrom('role', 'env'), fc.constantFrom('x', 'y'));

const listed: fc.Arbitrary<ListedHost> = fc
  .record({ name, ssh: fc.option(ssh), addresses: fc.uniqueArray(address, { maxLength: 2 }), labels, assumed: fc.subarray(['user', 'identity', 'sudo'] as const) })
  .map((host) => ({ ...host, note: '', file: null, line: 1, notes: [] }));
const source = fc.uniqueArray(listed, { selector: (host) => host.name, maxLength: 6 });

const toRecord = ({ name: hostName, ssh: way, addresses, labels: handLabels }: ListedHost): HostRecord => ({ id: newId.host(), name: hostName, ssh: way, carried: false, note: '', createdAtMs: 0, handLabels, addresses: addresses.map((one) => ({ address: one, source: 'manual' })), pinnedKeys: [], consoleAddresses: [] });

/** What the workspace holds after a plan was carried out. */
function carryOut(there: readonly HostRecord[], { added, changed }: ImportPlan): HostRecord[] {
  const after = new Map(changed.map(({ record }) => [record.name, record]));
  return [...there.map((record) => after.get(record.name) ?? record), ...added.map(({ record }) => record)];
}

const plan = (hosts: readonly ListedHost[], there: readonly HostRecord[], update: boolean) => planImport(hosts, there, { labels: {}, update, only: null, identity: null }, toRecord);

/** Names whose way through jump hosts does not end at the console. */
function lost(records: readonly HostRecord[]): string[] {
  const byName = new Map(records.map((record) => [record.name, record]));
  return records.flatMap((record) => {
    let at: HostRecord | undefined = record;
    for (let steps = 0; steps <= records.length; steps += 1) {
      const jump: string | null = at?.ssh?.jump ?? null;
      if (jump === null) return [];
      at = byName.get(jump);
      if (at?.ssh == null) return [record.name];
    }
    return [record.name];
  });
}

test('whatever is imported into whatever is there: every host keeps a way in, no two have the same, all is accounted for, and a second time nothing is left to do', () => {
  fc.assert(
    fc.property(source, source, fc.boolean(), (first, second, update) => {
      const there = carryOut([], plan(first, [], false));
      expect(lost(there)).toEqual([]);
      const made = plan(second, there, update);
      const after = carryOut(there, update ? made : { ...made, changed: [] });
      expect(lost(after)).toEqual([]);
      expect(after.map((record) => record.name).toSorted()).toEqual([...new Set(after.map((record) => record.name))].toSorted());
      const changedNames = new Set([...made.added, ...(update ? made.changed : [])].map(({ record }) => record.name));
      for (const record of after) if (changedNames.has(record.name)) expect(createTakenAddresses(after.filter((other) => other.name !== record.name)).find(record)).toBeNull();
      expect([...made.added.map(({ record }) => record.name), ...made.changed.map(({ record }) => record.name), ...made.known, ...made.refused.map((one) => one.name)].toSorted()).toEqual(second.map((host) => host.name).toSorted());
      // Who stays as he was keeps everything; nothing is ever taken away from anybody.
      for (const record of there) {
        const now = after.find((one) => one.name === record.name);
        expect(now?.id).toBe(record.id);
        expect(Object.keys(now?.handLabels ?? {})).toEqual(expect.arrayContaining(Object.keys(record.handLabels)));
        expect(now?.addresses.map((one) => one.address)).toEqual(expect.arrayContaining(record.addresses.map((one) => one.address)));
        if (!changedNames.has(record.name)) expect(now).toEqual(record);
      }
      const again = plan(second, after, update);
      const refused = new Set(made.refused.map((one) => one.name));
      expect(again.added.filter(({ record }) => !refused.has(record.name))).toEqual([]);
      if (update) expect(again.changed.filter(({ record }) => !refused.has(record.name))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

