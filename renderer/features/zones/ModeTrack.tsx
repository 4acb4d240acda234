import { Fragment } from 'react';
import { Button } from 'react-aria-components';
import type { Zone, ZoneMode } from '../../../shared/model/policy.ts';
import { MODE_ICONS, MODE_WORDS } from '../../ui/ModeBadge.tsx';

const MODES: readonly ZoneMode[] = ['observe', 'test', 'enforce'];

/** The three stations of a zone. The one that it is at is marked; pressing another asks for the move. */
export function ModeTrack({ zone, onMode }: { readonly zone: Zone; readonly onMode: (mode: ZoneMode) => void }) {
  const at = MODES.indexOf(zone.mode);
  return (
    <fieldset className="mode-track" aria-label={`Mode of ${zone.name}`}>
      {MODES.map((mode, index) => {
        const Icon = MODE_ICONS[mode];
        const isNow = mode === zone.mode;
        return (
          <Fragment key={mode}>
            {index === 0 ? null : <span className={`rail ${index <= at ? 'passed' : ''}`} aria-hidden />}
            <Button
              className={`station ${mode} ${isNow ? 'now' : ''}`}
              aria-pressed={isNow}
              aria-label={isNow ? `${MODE_WORDS[mode]}, current mode` : `Move ${zone.name} to ${mode}`}
              onPress={() => isNow || onMode(mode)}
            >
              <Icon size={14} aria-hidden />
              {MODE_WORDS[mode]}
            </Button>
          </Fragment>
        );
      })}
    </fieldset>
  );
}
