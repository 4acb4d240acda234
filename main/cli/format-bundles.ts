import type { BundleOutcome, CollectionView, KitView, PolicyCarried, ReceiptOutcome } from '../../shared/contract/bundles.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { formatTable, formatTime } from './table.ts';

const sealOf = (kit: string | null): string => kit ?? 'UNSIGNED';

export function formatBundleOutcomes(outcomes: readonly BundleOutcome[], dryRun: boolean): string {
  const count = (outcome: BundleOutcome['outcome']) => outcomes.filter((one) => one.outcome === outcome).length;
  const unsigned = outcomes.filter((one) => one.outcome === 'imported' && one.kit === null).length;
  const sums = `${count('imported')} imported${unsigned === 0 ? '' : ` (${unsigned} of them UNSIGNED)`}, ${count('known')} known already, ${count('refused')} refused.${dryRun ? ' This is what would be done with each alone: nothing was stored.' : ''}`;
  return [...outcomes.map(formatOutcome), sums].join('\n');
}

function formatOutcome(one: BundleOutcome): string {
  if (one.outcome !== 'imported') return `${one.file}: ${one.outcome === 'refused' ? 'REFUSED: ' : ''}${one.reason}.`;
  const head = `${one.file}: ${one.isNewHost ? 'new host' : 'host'} ${one.host}, ${sealOf(one.kit)}, made ${formatTime(one.collectedAtMs)}: ${countText(one.flows, 'flow')}, ${countText(one.listening, 'listening service')} (bundle ${one.id})`;
  return [head, ...one.absences.map((text) => `  not in it: ${text}`), ...one.notes.map((text) => `  note: ${text}`)].join('\n');
}

export function formatCollections(list: readonly CollectionView[]): string {
  const rows = list.map((one) => [
    String(one.id),
    one.host,
    sealOf(one.kit),
    formatTime(one.collectedAtMs),
    formatTime(one.importedAtMs),
    one.importedBy,
    String(one.flows),
    one.usesFacts ? 'yes' : 'no',
    one.rules.join(' ') || '-',
    String(one.absences.length),
  ]);
  return formatTable(['ID', 'HOST', 'SIGNED WITH', 'MADE', 'IMPORTED', 'BY', 'FLOWS', 'IN USE', 'RULES', 'ABSENT'], rows);
}

export function formatKits(kits: readonly KitView[]): string {
  return formatTable(
    ['KIT', 'MADE', 'BY', 'BUNDLES'],
    kits.map((kit) => [kit.id, formatTime(kit.madeAtMs), kit.madeBy, String(kit.bundles)]),
  );
}

export function formatCarried({ version, hosts, folder, isStick }: PolicyCarried): string {
  const rows = hosts.map((one) => [one.host, one.push, one.zone ?? '-', one.mode, one.bundle.slice(0, 12), String(one.seq)]);
  const warnings = hosts.flatMap((one) => one.warnings.map((text) => `Warning: ${text}.`));
  return [
    `Version ${version} for ${countText(hosts.length, 'host')} in ${folder}/policy. On each: sh firebreak-apply`,
    formatTable(['HOST', 'PUSH', 'ZONE', 'MODE', 'BUNDLE', 'NUMBER'], rows),
    ...(isStick ? [] : [`Warning: there is no firebreak-apply in ${folder}: carry ${folder}/policy on a stick that firebreak bundle kit made.`]),
    ...warnings,
  ].join('\n');
}

export function formatReceipts(receipts: readonly ReceiptOutcome[]): string {
  return receipts
    .map((one) =>
      one.outcome === 'refused'
        ? `${one.file}: REFUSED: ${one.reason}.`
        : `${one.host}: push ${one.push} ${one.step}: the host ${one.told} (${formatTime(one.saidAtMs)}, signed with ${one.kit}).${one.notes.map((text) => `\n  note: ${text}.`).join('')}`,
    )
    .join('\n');
}
