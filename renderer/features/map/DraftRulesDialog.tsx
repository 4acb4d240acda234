import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { Check } from '../../ui/Check.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import type { DrawnEdge, MapModel } from './map-model.ts';
import { type Proposal, proposeRules } from './propose-rules.ts';

type Props = { readonly model: MapModel; readonly edges: readonly DrawnEdge[]; readonly onClose: () => void };

/** One rule for each pair of ends among the chosen connections; each can be left out before they go to the draft together. */
export function DraftRulesDialog({ model, edges, onClose }: Props) {
  const proposals = proposeRules(model, edges);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const rules = proposals.flatMap(({ key, rule }) => (rule === null || left.has(key) ? [] : [rule]));
  const add = useMutation(api.policy.addRules.mutationOptions({ onSuccess: onClose }));
  const toggle = (key: string, isTaken: boolean) => setLeft(new Set(isTaken ? [...left].filter((each) => each !== key) : [...left, key]));
  return (
    <FormModal
      title={`Draft rules for ${edges.length} ${edges.length === 1 ? 'connection' : 'connections'}`}
      submitText={`Add ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'} to draft`}
      onSubmit={() => add.mutate({ rules })}
      onClose={onClose}
      isBusy={add.isPending}
      isDisabled={rules.length === 0}
      error={add.error}
      wide
    >
      <p className="muted">Ends are widened to the labels that all of their hosts share. Only what no rule allows yet is part of a rule.</p>
      {proposals.length === 0 ? <p>A rule allows all of these already.</p> : null}
      <ul className="stack">
        {proposals.map((proposal) => (
          <ProposalRow key={proposal.key} proposal={proposal} isTaken={!left.has(proposal.key)} onToggle={(isTaken) => toggle(proposal.key, isTaken)} />
        ))}
      </ul>
    </FormModal>
  );
}

type RowProps = { readonly proposal: Proposal; readonly isTaken: boolean; readonly onToggle: (isTaken: boolean) => void };

function ProposalRow({ proposal, isTaken, onToggle }: RowProps) {
  const text = (
    <span className="stack tight">
      <span className="mono inert">{proposal.key}</span>
      <span className="mono muted small">{proposal.services.join(', ')}</span>
    </span>
  );
  return (
    <li className="proposal">
      {proposal.rule === null ? text : <Check isSelected={isTaken} onChange={onToggle}>{text}</Check>}
      {proposal.problem === null ? null : <p className="field-error">{proposal.problem}</p>}
    </li>
  );
}
