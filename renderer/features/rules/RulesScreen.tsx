import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { FileCode, LayoutTemplate, ListChecks, Plus, Sparkles } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { FindingsPanel } from './FindingsPanel.tsx';
import { RuleDialogs } from './RuleDialogs.tsx';
import type { RuleDialogKind } from './rule-dialogs.ts';
import { RuleList } from './RuleList.tsx';
import { type RuleSearch, setRuleSearch } from './rule-search.ts';
import { SuggestionsPanel } from './SuggestionsPanel.tsx';

/** The rules of the draft, below the block that no rule can remove. */
export function RulesScreen() {
  const policy = useQuery(api.policy.get.queryOptions({ input: {} }));
  const [dialog, setDialog] = useState<RuleDialogKind | null>(null);
  const { panel } = useSearch({ from: '/rules' });
  const navigate = useNavigate({ from: '/rules' });
  // Opening and closing a panel are steps that can be gone back.
  const show = (next: RuleSearch['panel']) => void navigate({ search: (now) => setRuleSearch(now, { panel: next }) });
  const toggle = (which: NonNullable<RuleSearch['panel']>) => show(panel === which ? undefined : which);
  return (
    <div className="page">
      <PageHead title="Rules" detail={policy.data === undefined ? '' : `${policy.data.policy.rules.length.toLocaleString('en')} in the draft`}>
        <Button icon={ListChecks} onPress={() => toggle('findings')} aria-expanded={panel === 'findings'}>
          Findings
        </Button>
        <Button icon={FileCode} onPress={() => setDialog({ kind: 'file' })}>
          YAML
        </Button>
        <Button icon={Sparkles} onPress={() => toggle('suggestions')} aria-expanded={panel === 'suggestions'}>
          Suggest from flows
        </Button>
        <Button icon={LayoutTemplate} onPress={() => setDialog({ kind: 'template' })}>
          From a template
        </Button>
        <Button kind="primary" icon={Plus} onPress={() => setDialog({ kind: 'add' })} data-page-add>
          Add rule
        </Button>
      </PageHead>
      <div className="split">
        <QueryState query={policy} what="rules">
          {(view) => (
            <div className="split-main">
              <RuleList policy={view.policy} essential={view.essential} open={setDialog} onSuggest={() => show('suggestions')} onFindings={() => show('findings')} />
            </div>
          )}
        </QueryState>
        {panel === 'findings' ? <FindingsPanel onEdit={(rule) => setDialog({ kind: 'edit', rule })} onClose={() => show(undefined)} /> : null}
        {panel === 'suggestions' ? <SuggestionsPanel zones={policy.data?.policy.zones.map((zone) => zone.name) ?? []} onClose={() => show(undefined)} /> : null}
      </div>
      <RuleDialogs dialog={dialog} zones={policy.data?.policy.zones.map((zone) => zone.name) ?? []} onClose={() => setDialog(null)} />
    </div>
  );
}
