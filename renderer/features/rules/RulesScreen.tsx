import { useQuery } from '@tanstack/react-query';
import { ListTree, Plus, Sparkles } from 'lucide-react';
import { useState } from 'react';
import type { Rule } from '../../../shared/model/policy.ts';
import { api } from '../../api/client.ts';
import { RuleDialog } from '../../editors/RuleDialog.tsx';
import { Button } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { SearchInput } from '../../ui/SearchInput.tsx';
import { EmptyState, QueryState } from '../../ui/StateBlocks.tsx';
import { EssentialBlock } from './EssentialBlock.tsx';
import { RemoveRuleDialog } from './RemoveRuleDialog.tsx';
import { ruleColumns, ruleContains } from './rule-columns.tsx';
import { SuggestionsPanel } from './SuggestionsPanel.tsx';

type Dialog = { readonly kind: 'add' } | { readonly kind: 'edit' | 'remove'; readonly rule: Rule };

/** The rules of the draft, below the block that no rule can remove. */
export function RulesScreen() {
  const policy = useQuery(api.policy.get.queryOptions({ input: {} }));
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [isSuggesting, setSuggesting] = useState(false);
  const close = () => setDialog(null);
  const add = () => setDialog({ kind: 'add' });
  return (
    <div className="page">
      <PageHead title="Rules" detail={policy.data === undefined ? '' : `${policy.data.policy.rules.length} in the draft`}>
        <Button icon={Sparkles} onPress={() => setSuggesting((isOpen) => !isOpen)} aria-expanded={isSuggesting}>
          Suggest from flows
        </Button>
        <Button kind="primary" icon={Plus} onPress={add} data-page-add>
          Add rule
        </Button>
      </PageHead>
      <div className="split">
        <QueryState query={policy} what="rules">
          {({ policy: { rules }, essential }) => (
            <div className="split-main">
              <RuleList
                rules={rules}
                essential={essential}
                onAdd={add}
                onSuggest={() => setSuggesting(true)}
                onEdit={(rule) => setDialog({ kind: 'edit', rule })}
                onRemove={(rule) => setDialog({ kind: 'remove', rule })}
              />
            </div>
          )}
        </QueryState>
        {isSuggesting ? <SuggestionsPanel zones={policy.data?.policy.zones.map((zone) => zone.name) ?? []} onClose={() => setSuggesting(false)} /> : null}
      </div>
      {dialog?.kind === 'add' ? <RuleDialog changed={null} onClose={close} /> : null}
      {dialog?.kind === 'edit' ? <RuleDialog changed={dialog.rule} onClose={close} /> : null}
      {dialog?.kind === 'remove' ? <RemoveRuleDialog rule={dialog.rule} onClose={close} /> : null}
    </div>
  );
}

type RuleListProps = {
  readonly rules: readonly Rule[];
  readonly essential: readonly { readonly name: string; readonly text: string }[];
  readonly onAdd: () => void;
  readonly onSuggest: () => void;
  readonly onEdit: (rule: Rule) => void;
  readonly onRemove: (rule: Rule) => void;
};

function RuleList({ rules, essential, onAdd, onSuggest, onEdit, onRemove }: RuleListProps) {
  const [filter, setFilter] = useState('');
  const shown = (filter === '' ? [...rules] : rules.filter((rule) => ruleContains(rule, filter))).toSorted(
    (a, b) => Number(b.action === 'deny') - Number(a.action === 'deny'),
  );
  const empty =
    rules.length === 0 ? (
      <EmptyState
        icon={ListTree}
        title="No rules yet"
        action={
          <span className="row">
            <Button kind="primary" onPress={onSuggest}>
              Suggest from flows
            </Button>
            <Button onPress={onAdd}>Add a rule</Button>
          </span>
        }
      >
        In test and enforce, what no rule allows is refused. Let Firebreak suggest rules from what was seen, or write one.
      </EmptyState>
    ) : (
      <EmptyState icon={ListTree} title="No rule matches">
        Change or clear the filter.
      </EmptyState>
    );
  return (
    <>
      <div className="page-tools">
        <SearchInput label="Filter rules" value={filter} onChange={setFilter} />
        <span className="muted">Order: essential, deny, allow, then the zone’s default.</span>
      </div>
      <EssentialBlock essential={essential} />
      <DataTable label="Rules" columns={ruleColumns(onEdit, onRemove)} rows={shown} rowKey={(rule) => rule.id} empty={empty} />
    </>
  );
}
