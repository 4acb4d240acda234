import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HostQuality } from '../../../shared/contract/host-evidence.ts';
import { api } from '../../api/client.ts';
import { Segments } from '../../ui/Segments.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { HourStrip } from './HourStrip.tsx';
import { QualityTable } from './QualityTable.tsx';

const HOUR_MS = 3_600_000;
const periods = [
  { value: '7', text: '7 days' },
  { value: '30', text: '30 days' },
] as const;

const hours = (n: number): string => (n === 1 ? '1 hour' : `${n} hours`);

/** What the strip says, in one sentence. */
function summaryOf({ totals }: HostQuality): string {
  const recorded = totals.complete + totals.late;
  const flawed = [
    ...(totals.lost > 0 ? [`${hours(totals.lost)} with loss`] : []),
    ...(totals.gap > 0 ? [`${hours(totals.gap)} with a gap`] : []),
    ...(totals.waiting > 0 ? [`${hours(totals.waiting)} not fetched yet`] : []),
  ];
  if (recorded + totals.lost + totals.gap === 0) return 'Nothing was recorded in this period.';
  return `${hours(recorded)} recorded without loss${flawed.length === 0 ? '; no gap' : `; ${flawed.join(', ')}`}.`;
}

/** How complete the record of this host is, hour by hour: what limits every statement about its flows. */
export function QualityCard({ hostName }: { readonly hostName: string }) {
  const [days, setDays] = useState<(typeof periods)[number]['value']>('7');
  // One starting point a day, so that the same question is not asked anew at every look.
  const [openedAtMs] = useState(() => Math.floor(Date.now() / HOUR_MS) * HOUR_MS);
  const sinceMs = openedAtMs - (Number(days) * 24 - 1) * HOUR_MS;
  const quality = useQuery(api.hosts.quality.queryOptions({ input: { name: hostName, sinceMs } }));
  return (
    <section className="card" aria-label="Quality of the record">
      <div className="card-head">
        <h2 className="grow">Quality of the record</h2>
        <Segments label="Period" value={days} options={periods} onChange={setDays} />
      </div>
      <QueryState query={quality} what="the quality of the record">
        {(data) => (
          <>
            <div className="card-body">
              <p className="quality-summary">{summaryOf(data)}</p>
              <HourStrip hours={data.hours} summary={summaryOf(data)} />
            </div>
            <QualityTable hours={data.hours} />
          </>
        )}
      </QueryState>
    </section>
  );
}
