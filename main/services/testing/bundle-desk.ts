import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { BundleOutcome } from '../../../shared/contract/bundles.ts';
import { inert } from '../../../shared/text/inert.ts';
import { makeFolder } from '../../db/testing/temporary-workspace.ts';
import { createNewId } from '../new-id.ts';
import { type TestStick, makeStick } from './a-bundle.ts';
import { makeBackend, type TestBackend } from './test-backend.ts';

const MIB = 1_048_576;
/** Beyond what the test itself holds: a refused bundle may cost at most what an accepted one may, twice. */
const MEMORY_LIMIT_BYTES = 256 * MIB;

/** A console that made one stick, and a folder for bundles that come back. */
export type BundleDesk = { at: TestBackend; folder: string; stick: TestStick; importAll(...paths: string[]): Promise<BundleOutcome[]>; close(): Promise<void> };

export async function openBundleDesk(): Promise<BundleDesk> {
  const at = makeBackend(undefined, createNewId());
  const { folder, remove } = makeFolder();
  return {
    at,
    folder,
    stick: await makeStick(at),
    importAll: async (...paths) => {
      for await (const event of await at.client.bundles.import({ paths })) if (event.type === 'done') return event.result.bundles;
      throw new Error('the import ended without a result');
    },
    close: async () => {
      await at.close();
      remove();
    },
  };
}

/** That the bundle is refused with the sentence, in bounded memory, and that nothing is written: not to the folder, not outside it, not to the workspace. */
export async function expectRefused({ at, folder, importAll }: BundleDesk, bytes: Buffer, sentence: RegExp): Promise<void> {
  const dir = mkdtempSync(join(folder, 'case-'));
  mkdirSync(join(dir, 'inner'));
  const path = join(dir, 'inner', 'bundle.tar.gz');
  writeFileSync(path, bytes);
  const lists = () => [readdirSync(dir), readdirSync(join(dir, 'inner')), readdirSync(join(at.path, '..')), readdirSync('/tmp').filter((name) => name.includes('airgap-escaped'))];
  const before = lists();
  const memoryBytes = process.memoryUsage.rss();
  const [outcome, ...others] = await importAll(join(dir, 'inner'));
  expect(process.memoryUsage.rss() - memoryBytes).toBeLessThan(MEMORY_LIMIT_BYTES);
  expect([outcome?.outcome, outcome?.file, others]).toEqual(['refused', path, []]);
  const reason = outcome?.outcome === 'refused' ? outcome.reason : '';
  expect(reason).toMatch(sentence);
  expect(inert(reason)).toBe(reason);
  expect(lists()).toEqual(before);
  expect([await at.client.hosts.list({}), await at.client.bundles.list({}), await at.client.flows.sources({})]).toEqual([[], [], []]);
}

/** That a terminal takes it as text: it may have tabs and newlines of our own, and no other control. */
export function expectInert(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is what is tested
  expect(text.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/g)).toBe(null);
}
