import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import type { CompatibilityFinding, HostCompatibility } from '../../../shared/model/compatibility.ts';
import { Button } from '../../ui/Button.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Note } from '../../ui/Note.tsx';
import { levelLook } from './compatibility-look.ts';

type Props = { readonly host: HostCompatibility; /** Then what is good is shown, too, without asking. */ readonly isAlone: boolean };

/** One host: its level, then each finding with what to do. What is green is folded where there are several hosts. */
export function CompatibilityHost({ host, isAlone }: Props) {
  const [isOpen, setOpen] = useState(isAlone);
  const titleId = useId();
  const { meaning, sentence } = levelLook(host.level);
  const greens = host.findings.filter(({ level }) => level === 'green');
  const shown = isOpen ? host.findings : host.findings.filter(({ level }) => level !== 'green');
  return (
    <section className="stack tight" aria-labelledby={titleId}>
      <div className="row wrap">
        <h3 id={titleId}>{host.hostName}</h3>
        <Mark meaning={meaning} text={sentence} />
      </div>
      {host.error === null ? null : (
        <Note kind="plain" title={host.error.title}>
          <p className="note-hint inert">{host.error.hint}</p>
        </Note>
      )}
      {shown.length === 0 ? null : (
        <ul className="checks" aria-label={`Findings about ${host.hostName}`}>
          {shown.map((finding) => (
            <FindingRow key={`${finding.id} ${finding.text}`} finding={finding} />
          ))}
        </ul>
      )}
      {isAlone || greens.length === 0 ? null : (
        <div>
          <Button small kind="quiet" icon={isOpen ? ChevronDown : ChevronRight} aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
            {isOpen ? 'Hide what is good' : `Show what is good (${greens.length})`}
          </Button>
        </div>
      )}
    </section>
  );
}

function FindingRow({ finding: { level, text, todo } }: { readonly finding: CompatibilityFinding }) {
  const look = levelLook(level);
  return (
    <li className="check-row">
      <Mark meaning={look.meaning} text={look.text} />
      <div className="stack tight grow inert">
        <span>{text}</span>
        {todo === '' ? null : (
          <span className="muted">
            <span aria-hidden>→ </span>
            <span className="visually-hidden">To do: </span>
            {todo}
          </span>
        )}
      </div>
    </li>
  );
}
