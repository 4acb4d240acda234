import { useMutation, useQuery } from '@tanstack/react-query';
import type { FlowRow } from '../../../shared/contract/views.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { api } from '../../api/client.ts';
import { RuleDialog } from '../../editors/RuleDialog.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { type FlowDraft, draftsOfFlows } from './flow-drafts.ts';

type Props = { readonly flows: readonly FlowRow[]; readonly onClose: () => void };

/** Chosen flows as rules of the draft. Where they make one rule it can be edited first; several are listed and added together. */
export function DraftRulesDialog({ flows, onClose }: Props) {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const policy = useQuery(api.policy.get.queryOptions({ input: {} }));
  if (hosts.data === undefined || policy.data === undefined) return null;
  const drafts = draftsOfFlows(flows, hosts.data, policy.data.policy.ipLists);
  const [only] = drafts;
  if (only !== undefined && drafts.length === 1) return <RuleDialog changed={null} initial={only.form} basis={basisOf(flows, only)} onClose={onClose} />;
  return <SeveralRules drafts={drafts} onClose={onClose} />;
}

function basisOf(flows: readonly FlowRow[], { from, to }: FlowDraft): string {
  const connections = flows.reduce((sum, flow) => sum + flow.connections, 0).toLocaleString('en');
  return `Drafted from ${flows.length === 1 ? 'a flow' : `${flows.length} flows`} ${from} → ${to}, seen ${connections} times. Both ends are widened to their labels; look at what they match.`;
}

function SeveralRules({ drafts, onClose }: { readonly drafts: readonly FlowDraft[]; readonly onClose: () => void }) {
  const add = useMutation(api.policy.addRules.mutationOptions({ onSuccess: onClose }));
  const rules = drafts.flatMap(({ rule }) => rule ?? []);
  const left = drafts.length - rules.length;
  return (
    <FormModal
      title={`Draft ${countText(rules.length, 'rule')}`}
      submitText={`Add ${rules.length} to draft`}
      wide
      isDisabled={rules.length === 0}
      isBusy={add.isPending}
      error={add.error}
      onClose={onClose}
      onSubmit={() => add.mutate({ rules })}
    >
      <p className="muted">
        One rule for each pair of ends, widened to their labels. Nothing reaches a host before the draft is pushed.
        {left === 0 ? '' : ` ${left} cannot be said as a rule and ${left === 1 ? 'is' : 'are'} left out.`}
      </p>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Services</th>
            <th scope="col">Flows</th>
          </tr>
        </thead>
        <tbody>
          {drafts.map((draft) => (
            <tr key={`${draft.from} ${draft.to}`} className={draft.rule === null ? 'muted' : ''}>
              <td className="mono inert">{draft.from}</td>
              <td className="mono inert">{draft.to}</td>
              <td className="mono inert">{draft.problem ?? draft.services}</td>
              <td className="number">{draft.flows}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </FormModal>
  );
}
