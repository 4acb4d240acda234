import { ArrowDown, ArrowUp } from 'lucide-react';
import type { Plan } from '../../../shared/model/diff.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { movedName } from '../../ui/moved-name.ts';
import { orderZones, zonesOf } from './push-options.ts';

type Props = { readonly plan: Plan; readonly chosen: readonly string[] | null; readonly onChange: (zones: readonly string[] | null) => void };

/** Which zone goes when. Absent where the hosts that change are of one zone. */
export function ZoneOrderField({ plan, chosen, onChange }: Props) {
  const zones = zonesOf(plan);
  if (zones.length < 2) return null;
  const order = orderZones(plan, chosen);
  return (
    <div className="stack tight">
      <Check isSelected={order !== null} onChange={(isOrdered) => onChange(isOrdered ? zones : null)}>
        One zone after another
      </Check>
      <p className="field-note">
        {order === null
          ? 'Zones take turns, so that the first waves meet hosts of as many zones as they can and a mistake is seen early.'
          : 'A zone begins once every host of the one before has confirmed; hosts without a zone go last.'}
      </p>
      {order === null ? null : (
        <ol className="push-zones" aria-label="Order of zones">
          {order.map((name, index) => (
            <li key={name} className="row">
              <span className="muted small number">{index + 1}</span>
              <span className="grow truncate">{name}</span>
              <IconButton label={`Move ${name} up`} icon={ArrowUp} isDisabled={index === 0} onPress={() => onChange(movedName(order, index, -1))} />
              <IconButton label={`Move ${name} down`} icon={ArrowDown} isDisabled={index === order.length - 1} onPress={() => onChange(movedName(order, index, 1))} />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
