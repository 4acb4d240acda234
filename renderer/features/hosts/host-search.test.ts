import { expect, test } from 'vitest';
import { aHostView } from '../../../shared/contract/testing/a-host-view.ts';
import type { HostView } from '../../../shared/contract/views.ts';
import { hostsCsv } from './host-csv.ts';
import { filterHosts, hostSearch, NO_ZONE } from './host-search.ts';

const aHost = (name: string, given: Partial<HostView> = {}) => aHostView(name, { addresses: ['10.0.0.1'], state: 'in-sync', ...given });
const WEB = aHost('web-1', { labels: { role: 'web', env: 'prod' }, zone: 'front' });
const DEV = aHost('web-2', { labels: { role: 'web', env: 'dev' }, state: 'drifted' });
const names = (search: Parameters<typeof filterHosts>[1]) => filterHosts([WEB, DEV], search).map((host) => host.name);

test('text that reads as a selector selects by labels, and any other text is looked for everywhere', () => {
  expect(names({ text: 'role=web,env!=dev' })).toEqual(['web-1']);
  expect(names({ text: 'role=' })).toEqual(['web-1', 'web-2']);
  expect(names({ text: 'DRIFTED' })).toEqual(['web-2']);
  expect(names({ text: '10.0.0' })).toEqual(['web-1', 'web-2']);
  expect(names({})).toEqual(['web-1', 'web-2']);
});

test('state and zone narrow down, and no zone is a choice of its own', () => {
  expect(names({ state: 'drifted' })).toEqual(['web-2']);
  expect(names({ zone: 'front' })).toEqual(['web-1']);
  expect(names({ zone: NO_ZONE })).toEqual(['web-2']);
});

test('an address with words that are no filter is read without them', () => {
  expect(hostSearch.parse({ text: 'web', state: 'broken', other: 1 })).toEqual({ text: 'web' });
});

test('the table as CSV has a head, quotes what needs it, and nothing that a spreadsheet would run', () => {
  const csv = hostsCsv([aHost('web-1', { labels: { role: 'web', env: 'prod' }, note: '=cmd()', verifiedAtMs: Date.UTC(2026, 10, 21, 12) })]);
  expect(csv.split('\r\n')).toEqual([
    'host,state,zone,labels,addresses,desired mode,desired rules,applied version,applied mode,applied rules,verified at (UTC),agent,last contact (UTC),last error,note,secure boot,disk encryption,security updates,endpoint security',
    "web-1,in-sync,,\"role=web,env=prod\",10.0.0.1,observe,,,,,2026-11-21 12:00Z,,,,'=cmd(),unknown,unknown,unknown,unknown",
    '',
  ]);
});
