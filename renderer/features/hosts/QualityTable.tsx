import type { QualityHour } from '../../../shared/contract/host-evidence.ts';
import { Mark, type Meaning } from '../../ui/Mark.tsx';
import { HOUR_STATES, hourText } from './HourStrip.tsx';

const SHOWN = 12;
const TOLERATED_CLOCK_MS = 2_000;
const meanings: Partial<Record<QualityHour['state'], Meaning>> = { gap: 'blocked', lost: 'would-block' };

const isWorthALine = (hour: QualityHour): boolean => hour.state === 'gap' || hour.state === 'lost' || hour.coarse > 0 || Math.abs(hour.clockOffsetMs ?? 0) > TOLERATED_CLOCK_MS;

function clockText(offsetMs: number | null): string {
  if (offsetMs === null) return 'not read';
  if (Math.abs(offsetMs) <= TOLERATED_CLOCK_MS) return 'agrees';
  return `${Math.round(Math.abs(offsetMs) / 1000)} s ${offsetMs > 0 ? 'ahead' : 'behind'}`;
}

/** The hours that need a remark, newest first; nothing where none does. */
export function QualityTable({ hours }: { readonly hours: readonly QualityHour[] }) {
  const worth = hours.filter(isWorthALine).toReversed();
  if (worth.length === 0) return null;
  return (
    <>
      <table className="plain-table" aria-label="Hours with a remark">
        <thead>
          <tr>
            <th scope="col">Hour (UTC)</th>
            <th scope="col">State</th>
            <th scope="col" className="number">
              Gap, at most
            </th>
            <th scope="col" className="number">
              Packets lost
            </th>
            <th scope="col" className="number">
              Without user and unit
            </th>
            <th scope="col" className="number">
              Not understood
            </th>
            <th scope="col">Clock</th>
          </tr>
        </thead>
        <tbody>
          {worth.slice(0, SHOWN).map((hour) => (
            <tr key={hour.startMs}>
              <td>{hourText(hour.startMs)}</td>
              <td>
                <Mark meaning={meanings[hour.state] ?? 'allowed'} text={HOUR_STATES[hour.state].text} />
              </td>
              <td className="number">{hour.gapSeconds === 0 ? '–' : `${Math.max(1, Math.round(hour.gapSeconds / 60))} min`}</td>
              <td className="number">{hour.lost === 0 ? '–' : hour.lost}</td>
              <td className="number">{hour.coarse === 0 ? '–' : hour.coarse}</td>
              <td className="number">{hour.rejected === 0 ? '–' : hour.rejected}</td>
              <td>{clockText(hour.clockOffsetMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {worth.length <= SHOWN ? null : <p className="card-foot muted small">{worth.length - SHOWN} older hours with a remark: firebreak host quality says them all.</p>}
    </>
  );
}
