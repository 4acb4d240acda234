import { useMutation, useQuery } from '@tanstack/react-query';
import type { FootprintSummary, HostLatency } from '../../../shared/contract/host-evidence.ts';
import type { FootprintLimits } from '../../../shared/model/alert.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { bytesText, percentText } from '../../../shared/text/amount-text.ts';
import { coveredText, secondsText } from './footprint-text.ts';

/** What the agent takes of this host, measured by each of its runs, beside the limits of the workspace. */
export function FootprintCard({ hostName }: { readonly hostName: string }) {
  const footprint = useQuery(api.hosts.footprint.queryOptions({ input: { name: hostName } }));
  const measure = useMutation(api.hosts.measureLatency.mutationOptions());
  return (
    <section className="card" aria-label="Footprint">
      <div className="card-head">
        <h2 className="grow">What the agent takes</h2>
        <Button small onPress={() => measure.mutate({ name: hostName })} isDisabled={measure.isPending}>
          {measure.isPending ? 'Measuring …' : 'Measure latency'}
        </Button>
      </div>
      {measure.error === null ? null : (
        <div className="card-body">
          <ErrorNote error={measure.error} />
        </div>
      )}
      <QueryState query={footprint} what="the footprint">
        {({ summary, latency, limits }) => (
          <>
            <dl className="card-body facts">
              {summary === null ? null : <SummaryFacts summary={summary} limits={limits} />}
              <dt>Added latency</dt>
              <dd>
                <Latency latency={latency} limitMs={limits.addedLatencyMs} />
              </dd>
            </dl>
            {summary === null ? <p className="card-body muted">No run of the agent is known yet. Collect from the host.</p> : <CommandTable commands={summary.commands} />}
          </>
        )}
      </QueryState>
    </section>
  );
}

/** `text` and whether it is within its limit, in words and form. */
function Limited({ text, isOver, limit }: { readonly text: string; readonly isOver: boolean; readonly limit: string }) {
  return (
    <span className="row wrap">
      {text}
      <Mark meaning={isOver ? 'would-block' : 'allowed'} text={`${isOver ? 'over' : 'within'} the limit of ${limit}`} />
    </span>
  );
}

const BYTES_A_MEGABYTE = 1_048_576;

function SummaryFacts({ summary, limits: { cpuPercent, storedMegabytes } }: { readonly summary: FootprintSummary; readonly limits: FootprintLimits }) {
  const storedBytes = storedMegabytes * BYTES_A_MEGABYTE;
  return (
    <>
      <dt>CPU in a day</dt>
      <dd>
        <Limited
          text={`${secondsText(summary.cpuMs)}, ${percentText(summary.cpuPercent)} of one CPU`}
          isOver={summary.cpuPercent > cpuPercent}
          limit={percentText(cpuPercent)}
        />
      </dd>
      <dt>Known for</dt>
      <dd>
        {coveredText(summary.coveredMs)}, {summary.runs} runs, the last <TimeAgo atMs={summary.lastRunAtMs} />; nothing runs between them
      </dd>
      <dt>Peak memory</dt>
      <dd>{summary.peakBytes === null ? 'not known on this host' : `${bytesText(summary.peakBytes)}, page cache included`}</dd>
      <dt>Stores</dt>
      <dd>
        <Limited text={bytesText(summary.storedBytes)} isOver={summary.storedBytes > storedBytes} limit={bytesText(storedBytes)} />
      </dd>
      <dt>Sent in a day</dt>
      <dd>{bytesText(summary.sentBytes)}</dd>
    </>
  );
}

function Latency({ latency, limitMs }: { readonly latency: HostLatency | null; readonly limitMs: number }) {
  if (latency === null) return <span className="muted">not measured</span>;
  const p50Us = latency.withP50Us - latency.withoutP50Us;
  const p99Us = latency.withP99Us - latency.withoutP99Us;
  return (
    <span className="row wrap">
      <Limited text={`p50 ${p50Us} µs, p99 ${p99Us} µs a connect`} isOver={p99Us > limitMs * 1000} limit={`${limitMs} ms`} />
      <span className="muted">
        measured <TimeAgo atMs={latency.measuredAtMs} />
      </span>
    </span>
  );
}

function CommandTable({ commands }: { readonly commands: FootprintSummary['commands'] }) {
  return (
    <table className="plain-table" aria-label="Runs of the agent in a day">
      <thead>
        <tr>
          <th scope="col">Command</th>
          <th scope="col" className="number">
            Runs
          </th>
          <th scope="col" className="number">
            CPU together
          </th>
          <th scope="col" className="number">
            CPU at most
          </th>
          <th scope="col" className="number">
            Peak memory
          </th>
        </tr>
      </thead>
      <tbody>
        {commands.map((command) => (
          <tr key={command.command}>
            <td>{command.command}</td>
            <td className="number">{command.runs}</td>
            <td className="number">{secondsText(command.cpuMs)}</td>
            <td className="number">{secondsText(command.maxCpuMs)}</td>
            <td className="number">{command.peakBytes === null ? <span className="muted">not known</span> : bytesText(command.peakBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
