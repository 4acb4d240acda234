import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Mark } from '../../ui/Mark.tsx';

const SHOWN = 20;
type Props = { readonly ran: number; readonly broken: readonly string[] };

/** How the policy tests of the draft stand: broken ones block a push, so they are said above the rules. Nothing while there are no tests. */
export function TestsStrip({ ran, broken }: Props) {
  const [isOpen, setOpen] = useState(false);
  if (ran === 0) return null;
  if (broken.length === 0) return <Mark meaning="allowed" text={`${ran} policy ${ran === 1 ? 'test holds' : 'tests hold'}`} />;
  return (
    <div className="tests-strip" role="status">
      <div className="row">
        <Mark meaning="blocked" text={`${broken.length} of ${ran} policy tests broken: a push is refused`} />
        <Button small kind="quiet" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide' : 'Show'}
        </Button>
      </div>
      {isOpen ? (
        <ul className="small inert">
          {broken.slice(0, SHOWN).map((text) => (
            <li key={text}>{text}</li>
          ))}
          {broken.length > SHOWN ? <li className="muted">and {broken.length - SHOWN} more: firebreak policy test</li> : null}
        </ul>
      ) : null}
    </div>
  );
}
