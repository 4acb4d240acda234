import { z } from 'zod';
import { HostName } from '../model/names.ts';
import { BundlePaths, BundlesImported, CollectionView, ExportPreview, KitId, KitMade, KitView, PolicyCarried, ReceiptOutcome, SiteView, StickFolder } from './bundles.ts';
import { call, done, none, progressOf } from './contract-call.ts';

/** Sites that no cable reaches: what goes there and comes back in files. Connects to nothing. */
export const bundlesContract = {
  /** Writes the files of a stick into a new or empty folder, with the key that its bundles are signed with; the private part is not kept here. Audited. */
  makeKit: call.input(z.strictObject({ folder: StickFolder })).output(KitMade),
  kits: call.input(none).output(z.array(KitView)),
  /** Bundles that are signed with its key are refused from then on (a lost stick); what was imported stays. */
  forgetKit: call.input(z.strictObject({ id: KitId })).output(done),
  /** Each bundle is imported or refused by itself, with the reason. */
  import: call.input(BundlePaths).output(progressOf(BundlesImported)),
  list: call.input(none).output(z.array(CollectionView)),
  /** With its flows, what it said of its host, and the host if nothing else knows it. STILL_USED where rules name that host. */
  remove: call.input(z.strictObject({ id: z.number().int().positive() })).output(done),
  /** Hosts that bundles tell of, by name, each with how far the stick has come. */
  sites: call.input(none).output(z.array(SiteView)),
  /** What `exportPolicy` would sign; nothing is stored. */
  previewExport: call.input(z.strictObject({ hosts: z.array(HostName).min(1).max(10_000) })).output(ExportPreview),
  /** Signed rules of the draft, made a version, written to the stick of hosts that are reached by one: for each host whole, or not at all. GATE_CLOSED where policy tests are broken. */
  exportPolicy: call.input(z.strictObject({ hosts: z.array(HostName).min(1).max(10_000), note: z.string().max(2000), folder: StickFolder })).output(PolicyCarried),
  /** What hosts did with what was carried to them; `dryRun` stores nothing. */
  receipts: call.input(BundlePaths).output(z.strictObject({ receipts: z.array(ReceiptOutcome) })),
};
