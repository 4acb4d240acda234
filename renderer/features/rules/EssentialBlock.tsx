import { ChevronDown, ChevronRight, Lock } from 'lucide-react';
import { useState } from 'react';
import { countText } from '../../../shared/text/amount-text.ts';

/** The locked rules that come before all others: always visible, never editable. */
export function EssentialBlock({ essential }: { readonly essential: readonly { readonly name: string; readonly text: string }[] }) {
  const [isOpen, setOpen] = useState(false);
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <section className="essential" aria-label="Essential rules">
      <button type="button" className="essential-head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Lock size={14} aria-hidden />
        <span className="strong">Essential</span>
        <span className="muted truncate grow">{essential.map((rule) => rule.name).join(' · ')}</span>
        <span className="muted small">locked, {countText(essential.length, 'rule')}</span>
        <Chevron size={14} aria-hidden />
      </button>
      {isOpen ? (
        <dl className="facts">
          {essential.map((rule) => (
            <div key={rule.name} className="fact-pair">
              <dt>{rule.name}</dt>
              <dd>{rule.text}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </section>
  );
}
