import type { PushHost } from '../../../shared/model/diff.ts';
import { describeSessionsCut } from '../../../shared/text/sessions-cut-text.ts';
import { Mark } from '../../ui/Mark.tsx';
import { STATIONS, STEP_LOOKS, trackOf } from './push-track.ts';

const LAST_WAVE = 1000;
/** As they go; those on which nothing changes come last. */
const order = ({ wave, step }: PushHost): number => (wave ?? LAST_WAVE) + (wave === null && step === 'skipped' ? 1 : 0);

/** Every host of a push as a track: check, load, prove, confirm. */
export function PushTracks({ hosts }: { readonly hosts: readonly PushHost[] }) {
  return (
    <ul className="tracks" aria-label="Progress by host">
      {hosts
        .toSorted((a, b) => order(a) - order(b))
        .map((host) => (
          <li key={host.host} className="track-row" data-step={host.step}>
            <span className="strong truncate track-name">{host.hostName}</span>
            {hosts.some(({ wave }) => wave !== null) ? <span className="small muted number track-wave">{host.wave === null ? '' : `wave ${host.wave}`}</span> : null}
            <Track host={host} />
            <Mark {...STEP_LOOKS[host.step]} />
            <span className="small muted inert truncate grow" title={detailOf(host)}>
              {detailOf(host)}
            </span>
          </li>
        ))}
    </ul>
  );
}

const detailOf = ({ detail, sessionsCut }: PushHost): string => (sessionsCut === null ? detail : `${describeSessionsCut(sessionsCut)}${detail === '' ? '' : `; ${detail}`}`);

function Track({ host }: { readonly host: PushHost }) {
  const track = trackOf(host.step);
  return (
    <span className={`track ${track === null ? 'off' : ''}`} aria-hidden>
      {STATIONS.map((station, index) => {
        const state = track === null ? '' : index < track.passed ? 'passed' : index === track.passed && track.isWorking ? 'working' : '';
        return <span key={station} className={`track-part ${state}`} title={station} />;
      })}
    </span>
  );
}
