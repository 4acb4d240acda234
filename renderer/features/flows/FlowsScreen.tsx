import { useNavigate, useSearch } from '@tanstack/react-router';
import { CircleQuestionMark, Download, FileInput } from 'lucide-react';
import { useState } from 'react';
import type { FlowCount } from '../../../shared/contract/flow-pages.ts';
import type { FlowRow } from '../../../shared/contract/views.ts';
import { ExplainDialog } from '../../editors/ExplainDialog.tsx';
import type { ExplainForm } from '../../editors/explain-form.ts';
import { Button } from '../../ui/Button.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { DraftRulesDialog } from './DraftRulesDialog.tsx';
import { FlowFilters } from './FlowFilters.tsx';
import { FlowSelection } from './FlowSelection.tsx';
import { FlowTable } from './FlowTable.tsx';
import { exportFlows } from './export-flows.ts';
import { explainEndsOf } from './flow-ends.ts';
import type { FlowSearch } from './flow-search.ts';
import { ImportLogDialog } from './ImportLogDialog.tsx';
import { useFlowPages } from './use-flow-pages.ts';

/** What the hosts' kernels recorded, with what each did and what the draft would do. */
export function FlowsScreen() {
  const search = useSearch({ from: '/flows' });
  const navigate = useNavigate({ from: '/flows' });
  const [drafted, setDrafted] = useState<readonly FlowRow[] | null>(null);
  const [explained, setExplained] = useState<{ readonly form: Partial<ExplainForm>; readonly isSeen: boolean } | null>(null);
  const [chosen, setChosen] = useState<ReadonlyMap<number, FlowRow>>(new Map());
  const [isNearEnd, setNearEnd] = useState(false);
  const pages = useFlowPages(search, isNearEnd);
  const open = (filters: FlowSearch) => void navigate({ search: filters });
  const change = (fields: Partial<FlowSearch>) => void navigate({ search: (current) => ({ ...current, ...fields }), replace: true });
  return (
    <div className="page">
      <PageHead title="Flows" detail={`${countText(pages.count, search)}bold is the end that reported it`}>
        <Button icon={CircleQuestionMark} onPress={() => setExplained({ form: { from: search.from ?? '', to: search.to ?? '' }, isSeen: false })}>
          Explain a connection
        </Button>
        <Button icon={FileInput} onPress={() => void navigate({ search: (current) => ({ ...current, ask: 'import' as const }) })}>
          Import logs
        </Button>
        <Button icon={Download} onPress={() => void exportFlows(pages.asked)}>
          Export CSV
        </Button>
      </PageHead>
      <FlowFilters search={search} onChange={change} onOpen={open} />
      {chosen.size === 0 ? null : <FlowSelection flows={[...chosen.values()]} onDraft={() => setDrafted([...chosen.values()])} onClear={() => setChosen(new Map())} />}
      <div className="page-body flush" aria-busy={pages.query.isPlaceholderData}>
        <QueryState query={pages.query} what="flows">
          {() => (
            <FlowTable
              pages={pages}
              search={search}
              chosen={chosen}
              onChoose={setChosen}
              onChange={change}
              onClear={() => open({})}
              onNearEnd={setNearEnd}
              onDraft={(flow) => setDrafted([flow])}
              onExplain={(flow) => setExplained({ form: explainEndsOf(flow), isSeen: true })}
            />
          )}
        </QueryState>
      </div>
      {search.ask === 'import' ? <ImportLogDialog onClose={() => void navigate({ search: ({ ask: _, ...filters }) => filters, replace: true })} /> : null}
      {explained === null ? null : <ExplainDialog initial={explained.form} asksAtOnce={explained.isSeen} onClose={() => setExplained(null)} />}
      {drafted === null ? null : <DraftRulesDialog flows={drafted} onClose={() => setDrafted(null)} />}
    </div>
  );
}

/** What the draft would do is not counted: it takes judging every flow. */
function countText(count: FlowCount | null, search: FlowSearch): string {
  if (count === null || search.draft !== undefined) return '';
  const number = count.count.toLocaleString('en');
  return `${count.isExact ? number : count.count >= 10_000 ? `more than ${number}` : `at least ${number}`} seen; `;
}
