import { Link } from '@tanstack/react-router';
import type { RecordSummary } from '../../../shared/contract/overview.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { ageText } from '../../../shared/text/time-text.ts';

/** How much of the last seven days the kernels' counters cover: what is missing here is missing on the map. */
export function RecordCard({ record }: { readonly record: RecordSummary }) {
  const { coveredPercent, lostPackets, gapSeconds, rejected, hostsRecorded, worst } = record;
  return (
    <section className="card" aria-label="Completeness of the record">
      <div className="card-head">
        <h2 className="grow">Record, 7 days</h2>
        <span className="muted small number">{hostsRecorded === 1 ? '1 host' : `${hostsRecorded.toLocaleString('en')} hosts`}</span>
      </div>
      {coveredPercent === null ? (
        <p className="card-body muted">Nothing was recorded. Install agents and collect from them.</p>
      ) : (
        <div className="card-body stack tight">
          <dl className="facts">
            <dt>Time covered</dt>
            <dd className="number">{`${floorPercent(coveredPercent)} %`}</dd>
            <dt>Gaps, at most</dt>
            <dd className="number">{ageText(gapSeconds * 1000)}</dd>
            <dt>Lost packets</dt>
            <dd className="number">{lostPackets.toLocaleString('en')}</dd>
            {rejected === 0 ? null : (
              <>
                <dt>Not understood</dt>
                <dd className="number">{rejected.toLocaleString('en')}</dd>
              </>
            )}
          </dl>
          {worst.length === 0 ? null : (
            <p className="small">
              <span className="muted">Least complete: </span>
              {worst.map(({ hostName, gapSeconds: gap, lostPackets: lost }, index) => (
                <span key={hostName}>
                  {index === 0 ? '' : ', '}
                  <Link to="/hosts/$name" params={{ name: hostName }} title={`${ageText(gap * 1000)} of gaps, ${countText(lost, 'packet')} lost`}>
                    {hostName}
                  </Link>
                </span>
              ))}
            </p>
          )}
        </div>
      )}
    </section>
  );
}

/** Never 100 for what is less. */
const floorPercent = (percent: number): number => Math.floor(percent * 10) / 10;
