import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ListTree, Radar } from 'lucide-react';
import { useMemo, useState } from 'react';
import { LINT_DAYS } from '../../../shared/contract/lint.ts';
import type { Policy, Rule } from '../../../shared/model/policy.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import type { MenuAction } from '../../ui/Menu.tsx';
import { SearchInput } from '../../ui/SearchInput.tsx';
import { EmptyState, QueryFailure } from '../../ui/StateBlocks.tsx';
import { useNowMs } from '../../ui/TimeAgo.tsx';
import { BulkRules } from './BulkRules.tsx';
import { readWords } from './completions.ts';
import { EssentialBlock } from './EssentialBlock.tsx';
import { withState } from './read-cell.ts';
import type { RuleDialogKind } from './rule-dialogs.ts';
import { groupRules } from './rule-groups.ts';
import { collectRemarks } from './rule-marks.ts';
import { filterRules, setRuleSearch } from './rule-search.ts';
import { RuleGrid } from './RuleGrid.tsx';
import { TestsStrip } from './TestsStrip.tsx';
import { useRuleUse } from './use-rule-use.ts';

type Props = {
  readonly policy: Policy;
  readonly essential: readonly { readonly name: string; readonly text: string }[];
  readonly open: (dialog: RuleDialogKind) => void;
  readonly onSuggest: () => void;
  readonly onFindings: () => void;
};

/** The rules of the draft with what is known about each, below the block that no rule can remove. */
export function RuleList({ policy, essential, open, onSuggest, onFindings }: Props) {
  const search = useSearch({ from: '/rules' });
  const navigate = useNavigate({ from: '/rules' });
  // Each letter is no step to go back to.
  const setFilter = (text: string) => void navigate({ search: (now) => setRuleSearch(now, { text }), replace: true });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const nowMs = useNowMs();
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const lint = useQuery({ ...api.policy.lint.queryOptions({ input: { file: null, days: LINT_DAYS } }), placeholderData: (previous) => previous });
  const tests = useQuery({ ...api.policy.test.queryOptions({ input: {} }), placeholderData: (previous) => previous });
  const use = useRuleUse(nowMs);
  const shown = useMemo(() => filterRules(policy.rules, { text: search.text }), [policy, search.text]);
  const groups = useMemo(() => groupRules(shown, policy.zones, hosts.data ?? []), [shown, policy, hosts.data]);
  const words = useMemo(() => readWords(policy, hosts.data ?? [], Date.parse(today)), [policy, hosts.data, today]);
  const remarks = useMemo(() => collectRemarks(lint.data?.findings ?? [], tests.data?.broken ?? []), [lint.data, tests.data]);
  const toggle = (id: string) => setChosen((ids) => new Set(ids.has(id) ? [...ids].filter((each) => each !== id) : [...ids, id]));
  const chooseAll = (isChosen: boolean) => setChosen(new Set(isChosen ? shown.map((rule) => rule.id) : []));
  const { actionsOf, error } = useRuleActions(open);
  return (
    <>
      <div className="page-tools">
        <SearchInput label="Filter rules" value={search.text ?? ''} onChange={setFilter} />
        <BulkRules rules={policy.rules.filter((rule) => chosen.has(rule.id))} open={open} />
        {tests.data === undefined ? null : <TestsStrip {...tests.data} />}
        <Button small icon={Radar} onPress={() => open({ kind: 'prove' })}>
          Prove on hosts
        </Button>
      </div>
      <QueryFailure query={hosts} />
      {error === null ? null : <ErrorNote error={error} />}
      <EssentialBlock essential={essential} />
      <RuleGrid
        rules={policy.rules}
        groups={groups}
        words={words}
        remarks={remarks}
        use={use}
        selection={{ chosen, toggle, chooseAll }}
        actionsOf={actionsOf}
        onRemark={onFindings}
        empty={policy.rules.length === 0 ? <NoRules open={open} onSuggest={onSuggest} /> : <NoMatch />}
      />
    </>
  );
}

function useRuleActions(open: Props['open']): { readonly actionsOf: (rule: Rule) => readonly MenuAction[]; readonly error: Error | null } {
  const update = useMutation(api.policy.updateRule.mutationOptions());
  const add = useMutation(api.policy.addRules.mutationOptions());
  const actionsOf = (rule: Rule): readonly MenuAction[] => {
    const { id: _id, ...copy } = rule;
    const isOff = rule.disabled === true;
    return [
      { id: 'edit', text: 'Edit all fields …', run: () => open({ kind: 'edit', rule }) },
      { id: 'state', text: isOff ? 'Enable' : 'Disable', run: () => update.mutate(withState(rule, !isOff)) },
      { id: 'duplicate', text: 'Duplicate', run: () => add.mutate({ rules: [copy] }) },
      { id: 'about', text: 'Where used, history …', run: () => open({ kind: 'about', rule }) },
      { id: 'remove', text: 'Remove …', isDanger: true, run: () => open({ kind: 'remove', rules: [rule] }) },
    ];
  };
  return { actionsOf, error: update.error ?? add.error };
}

function NoRules({ open, onSuggest }: Pick<Props, 'open' | 'onSuggest'>) {
  return (
    <EmptyState
      icon={ListTree}
      title="No rules yet"
      action={
        <span className="row">
          <Button kind="primary" onPress={onSuggest}>
            Suggest from flows
          </Button>
          <Button onPress={() => open({ kind: 'add' })}>Add a rule</Button>
        </span>
      }
    >
      In test and enforce, what no rule allows is refused. Let Firebreak suggest rules from what was seen, or write one.
    </EmptyState>
  );
}

const NoMatch = () => (
  <EmptyState icon={ListTree} title="No rule matches">
    Change or clear the filter.
  </EmptyState>
);
