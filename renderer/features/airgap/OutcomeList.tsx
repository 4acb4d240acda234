import { Mark } from '../../ui/Mark.tsx';
import type { OutcomeLine } from './outcome-text.ts';

/** What became of each file or host, what was refused first. Texts of files are inert. */
export function OutcomeList({ label, lines }: { readonly label: string; readonly lines: readonly OutcomeLine[] }) {
  const order = (line: OutcomeLine): number => (line.meaning === 'blocked' ? 0 : line.meaning === 'would-block' ? 1 : 2);
  return (
    <ul className="outcomes" aria-label={label}>
      {lines
        .toSorted((a, b) => order(a) - order(b))
        .map(({ key, meaning, word, sentence, notes }) => (
          <li key={key}>
            <Mark meaning={meaning} text={word} />
            <div className="stack tight grow">
              <span className="inert" title={key}>
                {sentence}
              </span>
              {notes.map((note) => (
                <span key={note} className="small muted inert">
                  {note}
                </span>
              ))}
            </div>
          </li>
        ))}
    </ul>
  );
}
