import type { CollectionView, SiteView } from '../../../shared/contract/bundles.ts';
import type { AirgapAsk } from '../../routes.ts';
import type { Meaning } from '../../ui/Mark.tsx';

/** A sentence, with the time that it tells of where it has one; the time comes last. */
export type Line = { readonly text: string; readonly atMs: number | null };
/** One station of the round trip. `problems`: what somebody has to know or mend. `act` null: nothing can be done here. */
export type Station = {
  readonly key: 'kit' | 'bundle' | 'policy' | 'receipt';
  readonly title: string;
  readonly mark: { readonly meaning: Meaning; readonly text: string };
  readonly lines: readonly Line[];
  readonly problems: readonly string[];
  readonly act: { readonly ask: AirgapAsk; readonly text: string } | null;
};

const line = (text: string, atMs: number | null = null): Line => ({ text, atMs });
const count = (amount: number, what: string): string => `${amount.toLocaleString('en')} ${what}${amount === 1 ? '' : 's'}`;

/** How far the stick has come with a host: kit, bundle, policy, receipt, in this order. */
export const stationsOf = (site: SiteView): readonly Station[] => [kitStation(site), bundleStation(site), policyStation(site), receiptStation(site)];

/** What somebody does next, as a sentence. */
export function nextOf(site: SiteView): string {
  if (site.isOverSsh) return 'It is reached over SSH; of its bundles only connections are taken.';
  if (site.bundles.length === 0) return 'Collect on the host again, and import what the stick brings back.';
  if (site.machine?.hasId === false) return 'Give the host a machine id, collect there again, and import.';
  if (site.order === null) return 'Write its rules, and export its policy to the stick.';
  if (site.receipt === null) return 'Carry the stick to the host, apply there, and bring the receipt back.';
  if (site.receipt.step === 'applied') return 'Confirm at the host before its time is over, and bring the receipt back.';
  if (site.receipt.step !== 'confirmed') return 'Find out why it was not confirmed, and export again.';
  return site.order.isCurrent ? 'Nothing: it runs what the draft says.' : 'The draft has moved on: export its policy again.';
}

function kitStation({ kit, bundles }: SiteView): Station {
  const act = { ask: 'kit', text: 'Make a stick' } as const;
  const about = { key: 'kit', title: 'Stick made', problems: [], act } as const;
  if (bundles.length === 0) return { ...about, mark: { meaning: 'unknown', text: 'Not known' }, lines: [line('No bundle of it is here any more.')] };
  if (kit === null) return { ...about, mark: { meaning: 'would-block', text: 'No stick of ours' }, lines: [line('The bundle was made without a stick of this workspace.')] };
  if (kit.madeAtMs === null) return { ...about, mark: { meaning: 'would-block', text: 'Forgotten' }, lines: [line(`${kit.id}: more bundles of it are refused.`)] };
  return { ...about, mark: { meaning: 'allowed', text: 'Made' }, lines: [line(`${kit.id}, by ${kit.madeBy ?? ''}`, kit.madeAtMs)] };
}

function bundleStation(site: SiteView): Station {
  const { bundles, machine, isOverSsh } = site;
  const used = bundles.find(({ usesFacts }) => usesFacts) ?? bundles[0];
  const about = { key: 'bundle', title: 'Bundle imported', act: { ask: 'import', text: 'Import bundles' } } as const;
  if (used === undefined) return { ...about, mark: { meaning: 'no-rule', text: 'None' }, lines: [], problems: [] };
  const newer = bundles.filter(({ id, usesFacts }) => !usesFacts && id > used.id).length;
  const problems = [
    ...(used.kit === null ? ['Nobody signed it: anybody may have made or changed it.'] : []),
    ...(machine?.hasId === false ? ['It has no machine id: only its name and addresses tell it from other machines.'] : []),
    ...(machine === null || machine.sameName.length === 0 ? [] : [`Others call themselves the same: ${machine.sameName.join(', ')}.`]),
    ...(newer === 0 || isOverSsh ? [] : [`${count(newer, 'later import')} did not change what is known of it.`]),
    ...used.absences.map((absence) => `Not in it: ${absence}.`),
  ];
  return { ...about, mark: used.kit === null ? { meaning: 'would-block', text: 'UNSIGNED' } : { meaning: 'allowed', text: 'Signed' }, lines: bundleLines(used), problems };
}

const bundleLines = ({ collectedAtMs, importedAtMs, importedBy, flows, rules }: CollectionView): Line[] => [
  line('Made', collectedAtMs),
  line(`Imported by ${importedBy}`, importedAtMs),
  line(`${count(flows, 'flow')}; ${rules.length === 0 ? 'no listing of rules' : `rules: ${rules.join(', ')}`}`),
];

function policyStation({ isOverSsh, order, machine, runs }: SiteView): Station {
  const about = { key: 'policy', title: 'Policy exported', problems: [], act: { ask: 'export', text: 'Export policy' } } as const;
  if (isOverSsh) return { ...about, mark: { meaning: 'unknown', text: 'Over SSH' }, lines: [line('Its policy is pushed from Changes.')], act: null };
  if (machine?.hasId === false) return { ...about, mark: { meaning: 'blocked', text: 'Not possible' }, lines: [line('Without a machine id every machine of its name would take the rules for its own.')], act: null };
  if (machine === null) return { ...about, mark: { meaning: 'blocked', text: 'Not possible' }, lines: [line('No bundle tells any more which machine it is.')], act: null };
  const running = runs === null ? [] : [line(`The host confirmed ${runs.version === null ? 'rules that only observe' : `version ${runs.version}`} (${runs.mode}).`)];
  if (order === null) return { ...about, mark: { meaning: 'no-rule', text: 'Not yet' }, lines: running };
  const lines = [line(`Version ${order.version}, ${order.zone === null ? 'in no zone' : `zone ${order.zone}`}${order.mode === null ? '' : `, ${order.mode}`}`), line(`By ${order.madeBy}`, order.madeAtMs), ...(order.note === '' ? [] : [line(`“${order.note}”`)])];
  if (order.isCurrent) return { ...about, mark: { meaning: 'allowed', text: 'Exported' }, lines };
  return { ...about, mark: { meaning: 'would-block', text: 'Older than the draft' }, lines, problems: ['The draft makes other rules for it now.'] };
}

const RECEIPTS = {
  confirmed: { meaning: 'allowed', text: 'Confirmed' },
  applied: { meaning: 'would-block', text: 'Waits for confirm' },
  'rolled-back': { meaning: 'blocked', text: 'Taken back' },
  unknown: { meaning: 'blocked', text: 'Runs something else' },
} as const satisfies Record<NonNullable<SiteView['receipt']>['step'], Station['mark']>;

function receiptStation({ isOverSsh, order, receipt }: SiteView): Station {
  const about = { key: 'receipt', title: 'Receipt imported', problems: [], act: { ask: 'receipts', text: 'Import receipts' } } as const;
  if (order === null || isOverSsh) return { ...about, mark: { meaning: 'unknown', text: 'Nothing to confirm' }, lines: [], act: null };
  if (receipt === null) return { ...about, mark: { meaning: 'no-rule', text: 'Not yet' }, lines: [line('Neither applied nor failed, as far as is known here.')] };
  return { ...about, mark: RECEIPTS[receipt.step], lines: [line(receipt.told), line('By the host’s clock', receipt.atMs)] };
}
