import { useMutation } from '@tanstack/react-query';
import type { Rule } from '../../../shared/model/policy.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { withState } from './read-cell.ts';
import type { RuleDialogKind } from './rule-dialogs.ts';

/** What can be done to all selected rules at once; each is one edit of the draft, and one step to undo. */
export function BulkRules({ rules, open }: { readonly rules: readonly Rule[]; readonly open: (dialog: RuleDialogKind) => void }) {
  const update = useMutation(api.policy.updateRules.mutationOptions());
  const add = useMutation(api.policy.addRules.mutationOptions());
  if (rules.length === 0) return <span className="muted truncate grow" title="Hosts decide essential, deny, allow, then the zone’s default.">Enter edits a cell, Space selects its rule.</span>;
  const isBusy = update.isPending || add.isPending;
  const setState = (isDisabled: boolean) => update.mutate({ rules: rules.map((rule) => withState(rule, isDisabled)) });
  return (
    <div className="row wrap grow" role="toolbar" aria-label="Selected rules">
      <span className="strong">{rules.length} selected</span>
      <Button small onPress={() => open({ kind: 'bulk', field: 'owner', rules })}>
        Set owner …
      </Button>
      <Button small onPress={() => open({ kind: 'bulk', field: 'reviewOn', rules })}>
        Set review …
      </Button>
      <Button small isDisabled={isBusy || rules.every((rule) => rule.disabled === true)} onPress={() => setState(true)}>
        Disable
      </Button>
      <Button small isDisabled={isBusy || rules.every((rule) => rule.disabled !== true)} onPress={() => setState(false)}>
        Enable
      </Button>
      <Button small isDisabled={isBusy} onPress={() => add.mutate({ rules: rules.map(({ id: _id, ...rule }) => rule) })}>
        Duplicate
      </Button>
      <Button small onPress={() => open({ kind: 'remove', rules })}>
        Remove …
      </Button>
      {update.error === null && add.error === null ? null : <ErrorNote error={update.error ?? add.error} />}
    </div>
  );
}
