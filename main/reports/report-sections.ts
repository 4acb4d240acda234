import type { ReportKind } from '../../shared/contract/report-kinds.ts';
import { clauseSection } from './sections/clauses.ts';
import { coverageSection, inventorySection } from './sections/coverage.ts';
import { enforcementSection, gapSection } from './sections/enforcement.ts';
import { figuresSection } from './sections/figures.ts';
import { exceptionSection, integritySection } from './sections/integrity.ts';
import { kpiSection } from './sections/kpis.ts';
import { changeSection, matrixSection, ruleSection } from './sections/policy.ts';
import { postureSection } from './sections/posture.ts';
import { reachSection } from './sections/reach.ts';
import type { Section, SectionId } from './sections/section.ts';
import { mapSection, refusedSection } from './sections/traffic.ts';

export const SECTIONS: Readonly<Record<SectionId, Section>> = {
  figures: figuresSection,
  inventory: inventorySection,
  coverage: coverageSection,
  posture: postureSection,
  enforcement: enforcementSection,
  gaps: gapSection,
  matrix: matrixSection,
  reach: reachSection,
  rules: ruleSection,
  changes: changeSection,
  refused: refusedSection,
  integrity: integritySection,
  exceptions: exceptionSection,
  kpis: kpiSection,
  clauses: clauseSection,
  map: mapSection,
};

/** What each kind has after its first page, in order. The limits are the first page of all of them. */
export const SECTIONS_OF: Readonly<Record<ReportKind, readonly SectionId[]>> = {
  segmentation: ['figures', 'coverage', 'enforcement', 'matrix', 'reach', 'rules', 'changes', 'refused', 'integrity', 'posture', 'exceptions', 'kpis', 'clauses', 'map'],
  inventory: ['coverage', 'inventory', 'posture', 'map'],
  rules: ['matrix', 'rules'],
  changes: ['changes'],
  blocked: ['refused', 'map'],
  integrity: ['enforcement', 'integrity'],
  exceptions: ['exceptions', 'gaps'],
  kpi: ['kpis', 'figures'],
  frameworks: ['clauses', 'figures', 'coverage', 'enforcement', 'matrix', 'reach', 'rules', 'changes', 'refused', 'integrity', 'posture', 'exceptions'],
};
