import type { BundleOutcome, PolicyCarried, ReceiptOutcome } from '../../../shared/contract/bundles.ts';
import type { Meaning } from '../../ui/Mark.tsx';

/** What became of one file or host: how it is marked, in a sentence, and what else is to be known. */
export type OutcomeLine = { readonly key: string; readonly meaning: Meaning; readonly word: string; readonly sentence: string; readonly notes: readonly string[] };

const count = (amount: number, what: string): string => `${amount.toLocaleString('en')} ${what}${amount === 1 ? '' : 's'}`;
const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1);
const dot = (text: string): string => `${text}.`;

export function bundleLine(one: BundleOutcome): OutcomeLine {
  const key = one.file;
  if (one.outcome === 'refused') return { key, meaning: 'blocked', word: 'Refused', sentence: `${nameOf(one.file)}: ${one.reason}.`, notes: [] };
  if (one.outcome === 'known') return { key, meaning: 'unknown', word: 'Known', sentence: `${nameOf(one.file)}: ${one.reason}.`, notes: [] };
  const seal = one.kit === null ? 'UNSIGNED' : `signed with ${one.kit}`;
  return {
    key,
    meaning: one.kit === null ? 'would-block' : 'allowed',
    word: one.kit === null ? 'UNSIGNED' : 'Signed',
    sentence: `${nameOf(one.file)}: ${one.isNewHost ? 'a new host' : 'host'} ${one.host}, ${seal}, made ${new Date(one.collectedAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC, with ${count(one.flows, 'flow')} and ${count(one.listening, 'listening service')}.`,
    notes: [...(one.kit === null ? ['Nobody signed it: anybody may have made or changed it. It is marked wherever its data shows.'] : []), ...one.notes.map(dot), ...one.absences.map((text) => `Not in it: ${text}.`)],
  };
}

const STEPS = { confirmed: ['allowed', 'Confirmed'], applied: ['would-block', 'Waits'], 'rolled-back': ['blocked', 'Taken back'], unknown: ['blocked', 'Other rules'] } as const;

export function receiptLine(one: ReceiptOutcome): OutcomeLine {
  const key = one.file;
  if (one.outcome === 'refused') return { key, meaning: 'blocked', word: 'Refused', sentence: `${nameOf(one.file)}: ${one.reason}.`, notes: [] };
  const [meaning, word] = STEPS[one.step];
  return { key, meaning, word, sentence: `${nameOf(one.file)}: ${one.host} ${one.told} (push ${one.push}, ${new Date(one.saidAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC, signed with ${one.kit}).`, notes: one.notes.map(dot) };
}

export function carriedLine({ host, zone, mode, push, warnings }: PolicyCarried['hosts'][number]): OutcomeLine {
  return { key: host, meaning: warnings.length > 0 ? 'would-block' : 'allowed', word: 'Signed', sentence: `${host}: ${zone === null ? 'in no zone' : `zone ${zone}`}, ${mode} (push ${push}).`, notes: warnings.map(dot) };
}

/** `3 imported (1 UNSIGNED), 1 known already, 2 refused`. */
export function sumBundles(outcomes: readonly BundleOutcome[], isDryRun: boolean): string {
  const of = (outcome: BundleOutcome['outcome']) => outcomes.filter((one) => one.outcome === outcome).length;
  const unsigned = outcomes.filter((one) => one.outcome === 'imported' && one.kit === null).length;
  return `${of('imported')} ${isDryRun ? 'would be imported' : 'imported'}${unsigned === 0 ? '' : ` (${unsigned} UNSIGNED)`}, ${of('known')} known already, ${of('refused')} refused`;
}

export function sumReceipts(outcomes: readonly ReceiptOutcome[], isDryRun: boolean): string {
  const taken = outcomes.filter(({ outcome }) => outcome === 'taken').length;
  return `${taken} ${isDryRun ? 'would be taken' : 'taken'}, ${outcomes.length - taken} refused`;
}
