import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { LabelRulesView, LabelRuleView, WaitingLabel } from '../../../shared/contract/label-rules.ts';
import { describeConditions, printTemplates } from '../../../shared/text/label-rule-text.ts';
import { api } from '../../api/client.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { RowMenu } from '../../ui/Menu.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { AcceptLabelDialog } from './AcceptLabelDialog.tsx';
import { LabelEditDialog } from './LabelEditDialog.tsx';
import { LabelRuleDialog } from './LabelRuleDialog.tsx';
import { WaitingLabels } from './WaitingLabels.tsx';

type Dialog = { readonly kind: 'put'; readonly rule: LabelRuleView | null } | { readonly kind: 'remove'; readonly rule: LabelRuleView } | { readonly kind: 'accept'; readonly waiting: readonly WaitingLabel[] };

/** Rules that give labels, in order, and what waits for somebody's look. */
export function LabelRulesPanel({ onClose }: { readonly onClose: () => void }) {
  const view = useQuery(api.labelRules.list.queryOptions({ input: {} }));
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  return (
    <aside className="panel" aria-label="Label rules">
      <div className="panel-head">
        <div className="stack tight grow">
          <h2>Label rules</h2>
          <p className="small muted">The first rule wins; what is set by hand always does.</p>
        </div>
        <IconButton label="Close label rules" icon={X} onPress={onClose} />
      </div>
      <QueryState query={view} what="label rules">
        {(data) => <RulesAndWaiting view={data} open={setDialog} />}
      </QueryState>
      {dialog?.kind === 'put' ? <LabelRuleDialog rule={dialog.rule} onClose={close} /> : null}
      {dialog?.kind === 'accept' ? <AcceptLabelDialog waiting={dialog.waiting} onClose={close} /> : null}
      {dialog?.kind === 'remove' ? (
        <LabelEditDialog title={`Remove label rule ${dialog.rule.number}`} submitText="Remove label rule" isDanger edit={{ kind: 'remove', id: dialog.rule.id }} onClose={close}>
          <p className="mono inert">
            {printTemplates(dialog.rule.labels)} where {describeConditions(dialog.rule)}
          </p>
        </LabelEditDialog>
      ) : null}
    </aside>
  );
}

function RulesAndWaiting({ view: { rules, waiting }, open }: { readonly view: LabelRulesView; readonly open: (dialog: Dialog) => void }) {
  const move = useMutation(api.labelRules.apply.mutationOptions());
  return (
    <div className="panel-body">
      <Button icon={Plus} onPress={() => open({ kind: 'put', rule: null })}>
        Add label rule
      </Button>
      {move.error === null ? null : <ErrorNote error={move.error} />}
      {waiting.length === 0 ? null : (
        <section className="stack" aria-label="Waiting for your look">
          <h3>Waiting for your look</h3>
          <WaitingLabels waiting={waiting} onAccept={(chosen) => open({ kind: 'accept', waiting: chosen })} />
        </section>
      )}
      {rules.length === 0 ? <p className="muted">No label rules yet: labels are set by hand. A rule can take them from host names, such as {'{env}-{role}-*'}.</p> : null}
      <ol className="stack" aria-label="Label rules in order">
        {rules.map((rule) => (
          <li key={rule.id} className="label-rule" aria-label={`Label rule ${rule.number}`}>
            <div className="zone-order">
              <IconButton label={`Move label rule ${rule.number} up`} icon={ArrowUp} isDisabled={rule.number === 1 || move.isPending} onPress={() => move.mutate({ kind: 'move', id: rule.id, position: rule.number - 1 })} />
              <span className="muted small">{rule.number}</span>
              <IconButton label={`Move label rule ${rule.number} down`} icon={ArrowDown} isDisabled={rule.number === rules.length || move.isPending} onPress={() => move.mutate({ kind: 'move', id: rule.id, position: rule.number + 1 })} />
            </div>
            <RuleText rule={rule} />
            <RowMenu
              label={`Actions for label rule ${rule.number}`}
              actions={[
                { id: 'edit', text: 'Edit …', run: () => open({ kind: 'put', rule }) },
                { id: 'remove', text: 'Remove …', isDanger: true, run: () => open({ kind: 'remove', rule }) },
              ]}
            />
          </li>
        ))}
      </ol>
    </div>
  );
}

function RuleText({ rule }: { readonly rule: LabelRuleView }) {
  return (
    <div className="stack tight grow">
      <span className="mono strong">{printTemplates(rule.labels).replaceAll(',', '  ')}</span>
      <span className="mono small">{describeConditions(rule)}</span>
      <p className="small muted">
        {rule.hosts.length === 0 ? 'counts on no host' : `counts on ${rule.hosts.length} ${rule.hosts.length === 1 ? 'host' : 'hosts'}`}
        {rule.note === '' ? '' : ` · ${rule.note}`}
      </p>
    </div>
  );
}
