import { z } from 'zod';
import { EvidenceOrder } from './report-packs.ts';

export const ReportKind = z.enum(['segmentation', 'inventory', 'rules', 'changes', 'blocked', 'integrity', 'exceptions', 'kpi', 'frameworks']);
export type ReportKind = z.infer<typeof ReportKind>;

/** By which a report of kind “frameworks” can be arranged alone. */
export const Framework = z.enum(['pci-dss', 'hipaa', 'nist', 'cis', 'iso-27001', 'soc-2']);
export type Framework = z.infer<typeof Framework>;

/** Every kind with its title and what is in it, in the order in which doors offer them. `csv` says what a row of its CSV is. */
export const REPORT_KINDS: readonly { readonly kind: ReportKind; readonly title: string; readonly about: string; readonly csv: string }[] = [
  { kind: 'segmentation', title: 'Segmentation evidence', about: 'everything: the report of the evidence pack', csv: 'a row for each host and its zone: enforced throughout or not, and for how long' },
  { kind: 'inventory', title: 'Inventory and coverage', about: 'hosts, agents, how complete their records are, how well hosts are kept, and the map', csv: 'a row for each host, with its record' },
  { kind: 'rules', title: 'Rule dossier', about: 'each rule with its owner, reason, dates and use, and the zone matrix', csv: 'a row for each rule, with its use' },
  { kind: 'changes', title: 'Change log', about: 'pushes, rollbacks and what they changed, by whom', csv: 'a row for each change' },
  { kind: 'blocked', title: 'Blocked and would-block', about: 'what was refused and what enforcing would have refused', csv: 'a row for each refused flow' },
  { kind: 'integrity', title: 'Drift and integrity', about: 'what hosts ran, tampering, drift, and every gap with its cause', csv: 'a row for each event' },
  { kind: 'exceptions', title: 'Exceptions and gaps', about: 'waivers, containments, gaps, and whatever nothing explains', csv: 'a row for each exception, of whatever sort' },
  { kind: 'kpi', title: 'KPI summary', about: 'figures about the policy, each with its formula', csv: 'a row for each KPI' },
  { kind: 'frameworks', title: 'Evidence by framework', about: 'PCI DSS, HIPAA, NIST, CIS, ISO 27001 and SOC 2: clause, what the data shows, what it does not', csv: 'a row for each clause' },
];

export const FRAMEWORK_NAMES: Readonly<Record<Framework, string>> = {
  'pci-dss': 'PCI DSS 4.0',
  hipaa: 'HIPAA, 45 CFR 164.312',
  nist: 'NIST SP 800-207 and SP 800-53',
  cis: 'CIS Controls v8',
  'iso-27001': 'ISO/IEC 27001:2022, Annex A',
  'soc-2': 'SOC 2, Trust Services Criteria',
};

/** `framework` null: all of them; it means something to kind `frameworks` alone. */
export const ReportOrder = EvidenceOrder.extend({ kind: ReportKind, framework: Framework.nullable() });
export type ReportOrder = z.infer<typeof ReportOrder>;

/** `html` is one document, to be shown or printed; the period is the one that was asked for, in whole hours. */
export const RenderedReport = z.strictObject({ fromMs: z.number().int(), untilMs: z.number().int(), html: z.string() });
/** `text` is the CSV of a report's kind. */
export const ReportTable = z.strictObject({ fromMs: z.number().int(), untilMs: z.number().int(), text: z.string() });
