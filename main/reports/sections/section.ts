import type { Framework, ReportKind } from '../../../shared/contract/report-kinds.ts';
import type { Html } from '../escape-html.ts';
import type { Evidence } from '../evidence/evidence-tables.ts';
import type { Manifest } from '../pack/manifest.ts';

export type SectionId = 'figures' | 'inventory' | 'coverage' | 'posture' | 'enforcement' | 'gaps' | 'matrix' | 'reach' | 'rules' | 'changes' | 'refused' | 'integrity' | 'exceptions' | 'kpis' | 'clauses' | 'map';

export type SectionContext = {
  readonly evidence: Evidence;
  readonly figures: Manifest['figures'];
  readonly kind: ReportKind;
  /** Null: all of them. */
  readonly framework: Framework | null;
  /** `section 3`, as it is numbered in this report; the title of one that this report leaves out. */
  readonly see: (id: SectionId) => string;
};

export type Section = { readonly title: string; readonly render: (context: SectionContext) => Html };

/** How many rows a table has in the full pack, and in a report of its own kind, which is there to be read row by row. */
export const rowsOf = ({ kind }: Pick<SectionContext, 'kind'>, inPack: number, alone: number): number => (kind === 'segmentation' || kind === 'frameworks' ? inPack : alone);
