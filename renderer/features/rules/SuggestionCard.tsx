import type { Suggestion } from '../../../shared/contract/contract.ts';
import { printPeer } from '../../../shared/text/peer-text.ts';
import { printServiceRefs } from '../../../shared/text/service-text.ts';
import { Check } from '../../ui/Check.tsx';

type Props = { readonly suggestion: Suggestion; readonly isChosen: boolean; readonly onChoose: (isChosen: boolean) => void };

export function SuggestionCard({ suggestion, isChosen, onChoose }: Props) {
  const { rule, explains, connections, neverSeen, evidence } = suggestion;
  return (
    <div className="suggestion">
      <Check isSelected={isChosen} onChange={onChoose}>
        <span className="mono">
          {printPeer(rule.from)} → {printPeer(rule.to)} <span className="strong">{printServiceRefs(rule.services)}</span>
        </span>
      </Check>
      <p className="small muted inert">{evidence}</p>
      <p className="small">
        explains {explains} {explains === 1 ? 'flow' : 'flows'}, {connections.toLocaleString('en')} connections
        {neverSeen === 0 ? '; permits nothing that was not seen' : `; also permits ${neverSeen} pairs never seen`}
      </p>
    </div>
  );
}
