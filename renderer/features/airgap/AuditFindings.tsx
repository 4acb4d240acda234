import type { OfflineGroup, OfflineSummary } from '../../../shared/contract/offline.ts';
import { OFFLINE_TITLES } from '../../../shared/offline-audit/offline-audit.ts';
import { Mark } from '../../ui/Mark.tsx';
import { Note } from '../../ui/Note.tsx';

/** What comes first is open from the beginning. */
const OPEN_AT_FIRST = 3;

/** Findings by kind, then what was not understood. */
export function AuditFindings({ summary: { findings, blindSpots, blindTotal } }: { readonly summary: OfflineSummary }) {
  return (
    <section className="stack" aria-label="Findings">
      {findings.length === 0 ? <Note kind="plain" title="Nothing was found. Read what this audit does not know before taking that for good news." /> : null}
      {findings.map(({ code, total, groups }, place) => (
        <details key={code} className="card audit-details" open={place < OPEN_AT_FIRST}>
          <summary>
            {OFFLINE_TITLES[code]} ({total.toLocaleString('en')})
          </summary>
          <FindingTable title={OFFLINE_TITLES[code]} groups={groups} more={total - groups.length} />
        </details>
      ))}
      <details className="card audit-details">
        <summary>Blind spots: what was not understood ({blindTotal.toLocaleString('en')})</summary>
        <BlindTable rows={blindSpots} more={blindTotal - blindSpots.length} />
      </details>
    </section>
  );
}

function FindingTable({ title, groups, more }: { readonly title: string; readonly groups: readonly OfflineGroup[]; readonly more: number }) {
  return (
    <>
      <table className="plain-table" aria-label={title}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Hosts</th>
            <th scope="col" className="number">
              Conns
            </th>
            <th scope="col">What it means</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.subject}>
              <td className="mono small inert what">{group.subject}</td>
              <td className="inert hosts">
                {hostsText(group)}
                {group.unsigned === 0 ? null : <Mark meaning="would-block" text={group.unsigned === group.hostCount ? 'UNSIGNED' : `${group.unsigned} UNSIGNED`} />}
              </td>
              <td className="number">{group.connections.toLocaleString('en')}</td>
              <td className="inert">{group.sentence}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more === 0 ? null : <p className="muted small card-body">{more.toLocaleString('en')} more are in the report and its CSV.</p>}
    </>
  );
}

const SHOWN = 3;
const hostsText = ({ hosts, hostCount }: OfflineGroup): string => (hostCount > SHOWN ? `${hostCount} hosts: ${hosts.slice(0, SHOWN).join(', ')} …` : hosts.join(', '));

function BlindTable({ rows, more }: { readonly rows: OfflineSummary['blindSpots']; readonly more: number }) {
  if (rows.length === 0) return <p className="muted card-body">None.</p>;
  return (
    <>
      <table className="plain-table" aria-label="Blind spots">
        <thead>
          <tr>
            <th scope="col">First at</th>
            <th scope="col">Text</th>
            <th scope="col">Why</th>
            <th scope="col" className="number">
              Hosts
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ first, text, reason, hosts }) => (
            <tr key={`${first} ${reason} ${text}`}>
              <td className="small inert">{first}</td>
              <td className="mono small inert what">{text}</td>
              <td className="inert">{reason}</td>
              <td className="number">{hosts.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more === 0 ? null : <p className="muted small card-body">{more.toLocaleString('en')} more are in the report and its CSV.</p>}
    </>
  );
}
