import { Share2 } from 'lucide-react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import type { FilterProps } from './filter-props.ts';
import { unfoldedAfter } from './map-search.ts';

type Props = { readonly hubs: FilterProps['view']['hubs'] } & Pick<FilterProps, 'search' | 'change'>;

/** The hubs of the period, each with the choice to draw its lines. Nothing where there are none. */
export function HubMenu({ hubs, search, change }: Props) {
  if (hubs.length === 0) return null;
  const folded = hubs.filter((hub) => hub.isFolded).length;
  return (
    <DialogTrigger>
      <Button icon={Share2}>{folded === 0 ? 'Hubs' : `Hubs (${folded})`}</Button>
      <Popover className="popover">
        <Dialog className="hub-menu" aria-label="Hubs">
          <p className="muted small">Told by badges on those who use them. What is refused is drawn all the same.</p>
          <ul className="stack tight">
            {hubs.map((hub) => (
              <li key={hub.id}>
                <Check isSelected={!hub.isFolded} onChange={(isUnfolded) => change({ unfolded: unfoldedAfter(search, hub.id, isUnfolded) })}>
                  <span>
                    Draw {hub.text} <span className="muted small">{hub.clients.toLocaleString('en')} clients</span>
                  </span>
                </Check>
              </li>
            ))}
          </ul>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
