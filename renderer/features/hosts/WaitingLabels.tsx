import type { WaitingLabel } from '../../../shared/contract/label-rules.ts';
import { printLabelChange } from '../../../shared/labels/preview-labels.ts';
import { Button } from '../../ui/Button.tsx';
import { Mark } from '../../ui/Mark.tsx';

const SHOWN = 20;

type Props = { readonly waiting: readonly WaitingLabel[]; readonly onAccept: (chosen: readonly WaitingLabel[]) => void };

/** What hosts say about themselves and nobody has accepted: it does not count. One by one, or all of a rule at once. */
export function WaitingLabels({ waiting, onAccept }: Props) {
  const byRule = [...Map.groupBy(waiting, ({ number }) => number)].filter(([, of]) => of.length > 1);
  return (
    <>
      <p className="small muted">Hosts say this about themselves. It does not count until you accept it.</p>
      {byRule.map(([number, of]) => (
        <Button key={number} small onPress={() => onAccept(of)}>
          Accept all {of.length} of label rule {number} …
        </Button>
      ))}
      {waiting.slice(0, SHOWN).map((one) => (
        <WaitingItem key={`${one.rule} ${one.hostName}`} waiting={one} onAccept={() => onAccept([one])} />
      ))}
      {waiting.length > SHOWN ? <p className="small muted">and {waiting.length - SHOWN} more; all of them: firebreak label-rule waiting</p> : null}
    </>
  );
}

function WaitingItem({ waiting: { hostName, number, holds, because, changes }, onAccept }: { readonly waiting: WaitingLabel; readonly onAccept: () => void }) {
  const change = changes.map(printLabelChange).join('  ');
  return (
    <article className="suggestion" aria-label={`${hostName}: ${change}`}>
      <div className="row">
        <Mark meaning="unknown" text={hostName} />
        <span className="mono inert">{change}</span>
      </div>
      <p className="small inert">
        Label rule {number}: {holds ? because : `no longer so that ${because}`}
      </p>
      <div className="row">
        <Button small onPress={onAccept} aria-label={`Accept: ${hostName} ${change}`}>
          Accept …
        </Button>
      </div>
    </article>
  );
}
