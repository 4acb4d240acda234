import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { LINT_DAYS, type LintReport } from '../../../shared/contract/lint.ts';
import { type Finding, findingId } from '../../../shared/model/finding.ts';
import type { Rule } from '../../../shared/model/policy.ts';
import { api } from '../../api/client.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Note } from '../../ui/Note.tsx';
import { SearchInput } from '../../ui/SearchInput.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { countSeverities, findingContains, SEVERITY_CHOICES, type SeverityChoice } from './finding-look.ts';
import { FindingCard } from './FindingCard.tsx';

type Props = { readonly onEdit: (rule: Rule) => void; readonly onClose: () => void };

/** What is wrong or doubtful about the draft, worst first, each with its evidence and a button that does its fix to the draft. */
export function FindingsPanel({ onEdit, onClose }: Props) {
  const lint = useQuery({ ...api.policy.lint.queryOptions({ input: { file: null, days: LINT_DAYS } }), placeholderData: (previous) => previous });
  return (
    <aside className="panel" aria-label="Findings" aria-busy={lint.isFetching}>
      <div className="panel-head">
        <div className="stack tight grow">
          <h2>Findings</h2>
          <p className="small muted">{lint.data === undefined ? '' : countSeverities(lint.data.findings)}</p>
        </div>
        <IconButton label="Close findings" icon={X} onPress={onClose} />
      </div>
      <QueryState query={lint} what="findings">
        {(report) => <FindingList report={report} onEdit={onEdit} />}
      </QueryState>
    </aside>
  );
}

/** A panel is for looking at some; a policy with thousands is filtered, or read on the command line. */
const SHOWN = 100;

function FindingList({ report, onEdit }: { readonly report: LintReport; readonly onEdit: (rule: Rule) => void }) {
  const [severity, setSeverity] = useState<SeverityChoice>('all');
  const [text, setText] = useState('');
  const shown = report.findings.filter((finding) => (severity === 'all' || finding.severity === severity) && findingContains(finding, text));
  return (
    <div className="panel-body">
      <Choice label="Severity" labelHidden value={severity} options={SEVERITY_CHOICES} onChange={setSeverity} />
      <SearchInput label="Filter findings" value={text} onChange={setText} />
      {report.unwatchedRules === 0 ? null : (
        <Note kind="plain">
          Whether {report.unwatchedRules} allow rules are used is not known: {report.hosts - report.watchedHosts} of {report.hosts} hosts were not recorded for all of the last {report.days} days until now.
        </Note>
      )}
      {shown.length === 0 ? <p className="muted">{report.findings.length === 0 ? 'Nothing is wrong or doubtful about the draft.' : 'No finding matches. Change or clear the filter.'}</p> : null}
      {shown.slice(0, SHOWN).map((finding: Finding) => (
        <FindingCard key={findingId(finding)} finding={finding} onEdit={onEdit} />
      ))}
      {shown.length > SHOWN ? <p className="small muted">and {shown.length - SHOWN} more; filter, or read them with firebreak policy lint</p> : null}
    </div>
  );
}
