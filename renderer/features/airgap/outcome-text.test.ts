import { expect, test } from 'vitest';
import type { BundleOutcome, ReceiptOutcome } from '../../../shared/contract/bundles.ts';
import { HostName } from '../../../shared/model/names.ts';
import { HostId, PushId } from '../../../shared/model/ids.ts';
import { bundleLine, receiptLine, sumBundles, sumReceipts } from './outcome-text.ts';

const imported = (fields: Partial<Extract<BundleOutcome, { outcome: 'imported' }>> = {}): BundleOutcome => ({ outcome: 'imported', file: '/usb/collected/plc.tar.gz', id: 1, host: HostName.parse('plc'), isNewHost: true, kit: 'k_0123456789ab', collectedAtMs: Date.UTC(2026, 10, 21, 11), flows: 1, listening: 3, absences: [], notes: [], ...fields });
const refused: BundleOutcome = { outcome: 'refused', file: '/usb/collected/x.tar.gz', reason: 'it is no gzip file, which every bundle is' };

test('a bundle is told in one sentence, and what nobody signed is marked, with what that means', () => {
  expect(bundleLine(imported())).toMatchObject({ meaning: 'allowed', word: 'Signed', sentence: 'plc.tar.gz: a new host plc, signed with k_0123456789ab, made 2026-11-21 11:00 UTC, with 1 flow and 3 listening services.', notes: [] });
  expect(bundleLine(imported({ kit: null, isNewHost: false, notes: ['its clock is ahead'], absences: ['ruleset.nft: nft is not installed'] }))).toMatchObject({
    meaning: 'would-block',
    word: 'UNSIGNED',
    sentence: 'plc.tar.gz: host plc, UNSIGNED, made 2026-11-21 11:00 UTC, with 1 flow and 3 listening services.',
    notes: [expect.stringMatching(/^Nobody signed it/), 'its clock is ahead.', 'Not in it: ruleset.nft: nft is not installed.'],
  });
  expect(bundleLine(refused)).toMatchObject({ meaning: 'blocked', word: 'Refused', sentence: 'x.tar.gz: it is no gzip file, which every bundle is.' });
});

test('sums say what would be as such', () => {
  expect([sumBundles([imported(), imported({ kit: null }), refused], true), sumBundles([], false)]).toEqual(['2 would be imported (1 UNSIGNED), 0 known already, 1 refused', '0 imported, 0 known already, 0 refused']);
});

test('a receipt is told by what the host did, and one that was refused by why', () => {
  const taken: ReceiptOutcome = { outcome: 'taken', file: '/usb/receipts/plc.tar.gz', host: HostName.parse('plc'), hostId: HostId.parse('h_000000000001'), push: PushId.parse('p_000000000001'), step: 'rolled-back', told: 'went back to what it ran before', saidAtMs: Date.UTC(2026, 10, 21, 12), kit: 'k_0123456789ab', notes: ['its clock is behind'] };
  expect(receiptLine(taken)).toMatchObject({ meaning: 'blocked', word: 'Taken back', sentence: 'plc.tar.gz: plc went back to what it ran before (push p_000000000001, 2026-11-21 12:00 UTC, signed with k_0123456789ab).', notes: ['its clock is behind.'] });
  expect(receiptLine({ outcome: 'refused', file: 'a/b.tar.gz', reason: 'nobody signed it' }).sentence).toBe('b.tar.gz: nobody signed it.');
  expect(sumReceipts([taken], false)).toBe('1 taken, 0 refused');
});
