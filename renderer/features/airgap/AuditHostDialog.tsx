import { useQuery } from '@tanstack/react-query';
import type { OfflineHostDetail } from '../../../shared/contract/offline.ts';
import { type Admitted, type ListenerReach, OFFLINE_TITLES } from '../../../shared/offline-audit/offline-audit.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { Mark, type Meaning } from '../../ui/Mark.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { Note } from '../../ui/Note.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';

/** One host of an audit: what its rules let in, what listens, what was found, and what was not understood. */
export function AuditHostDialog({ id, name, onClose }: { readonly id: string; readonly name: string; readonly onClose: () => void }) {
  const detail = useQuery({ ...api.offline.host.queryOptions({ input: { id, name } }), gcTime: 0 });
  return (
    <Modal title={name} onClose={onClose} wide>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable) */}
      <div className="modal-body" role="region" aria-label={`All about ${name}`} tabIndex={0}>
        <QueryState query={detail} what={name}>
          {(known) => <Detail detail={known} />}
        </QueryState>
      </div>
      <div className="modal-foot">
        <Button kind="primary" onPress={onClose}>
          Close
        </Button>
      </div>
    </Modal>
  );
}

function Detail({ detail: { host, admits, moreAdmits, findings } }: { readonly detail: OfflineHostDetail }) {
  return (
    <>
      {host.origin === null ? null : host.origin.isSigned ? (
        <Note kind="plain" title={`From ${host.origin.bundle}, signed.`} />
      ) : (
        <Note kind="warning" title={`From ${host.origin.bundle}. UNSIGNED: anybody may have made or changed what follows.`} />
      )}
      <dl className="facts">
        <dt>Addresses</dt>
        <dd className="mono small inert">{host.addresses.join(' ') || 'not known'}</dd>
        <dt>Files</dt>
        <dd className="inert">{host.files.map(({ path, rules, exactRules }) => `${path}: ${rules} rules, ${exactRules} understood in every part`).join('; ') || 'no rules of it were read'}</dd>
        <dt>Flows</dt>
        <dd>
          {host.flows.toLocaleString('en')} with {host.connections.toLocaleString('en')} connections end here
        </dd>
      </dl>
      <h3>What its rules let in</h3>
      {admits === null ? <p className="muted">Not known: no rules of it were read, or more combinations than are looked at.</p> : <AdmitTable rows={admits} more={moreAdmits} />}
      <h3>What listens</h3>
      {host.listening === null ? <p className="muted">Not known: no bundle of it was imported.</p> : <ListenTable rows={host.listening} />}
      <h3>Findings</h3>
      {findings.length === 0 ? <p className="muted">None about this host alone.</p> : <FoundList findings={findings} />}
      <h3>Blind spots</h3>
      {host.blindSpots.length === 0 ? <p className="muted">None.</p> : <BlindList host={host} />}
    </>
  );
}

function AdmitTable({ rows, more }: { readonly rows: readonly Admitted[]; readonly more: number }) {
  if (rows.length === 0) return <p className="muted">Nothing.</p>;
  return (
    <>
      <table className="plain-table" aria-label="What its rules let in">
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">From</th>
            <th scope="col">For certain</th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.protocol} ${row.ports} ${row.from.join(' ')} ${row.why.join(' ')}`}>
              <td className="mono nowrap">{row.ports === 'all' ? row.protocol : `${row.protocol}/${row.ports}`}</td>
              <td className="small inert what">{fromText(row)}</td>
              <td className="inert">{row.isSure ? 'yes' : `no: ${row.why.join('; ')}`}</td>
              <td className="mono small inert what">{row.rules.map(({ path, line, text }) => `${path}:${line} ${text}`).join('; ') || 'the policy of a chain'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more === 0 ? null : <p className="muted small">{more.toLocaleString('en')} more are in the CSV.</p>}
    </>
  );
}

const fromText = ({ isWorld, from, moreFrom }: Admitted): string => `${isWorld ? 'everyone: ' : ''}${from.join(' ')}${moreFrom === 0 ? '' : ` and ${moreFrom} more`}`;

const REACH: Readonly<Record<ListenerReach, { readonly meaning: Meaning; readonly text: string }>> = {
  everyone: { meaning: 'would-block', text: 'everyone' },
  maybe: { meaning: 'unknown', text: 'everyone, not for certain' },
  some: { meaning: 'allowed', text: 'who is named' },
  nobody: { meaning: 'allowed', text: 'nobody' },
  unknown: { meaning: 'unknown', text: 'not known: no rules' },
  local: { meaning: 'allowed', text: 'the host itself' },
};

function ListenTable({ rows }: { readonly rows: NonNullable<OfflineHostDetail['host']['listening']> }) {
  if (rows.length === 0) return <p className="muted">Nothing.</p>;
  return (
    <table className="plain-table" aria-label="What listens">
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">Address</th>
          <th scope="col">Program</th>
          <th scope="col">Open to</th>
          <th scope="col" className="number">
            Conns
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ service, address, process, reach, connections }) => (
          <tr key={`${service} ${address} ${process ?? ''}`}>
            <td className="mono">{service}</td>
            <td className="mono small inert">{address}</td>
            <td className="inert">{process ?? <span className="muted">not known</span>}</td>
            <td>
              <Mark {...REACH[reach]} />
            </td>
            <td className="number">{connections.toLocaleString('en')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FoundList({ findings }: { readonly findings: OfflineHostDetail['findings'] }) {
  return (
    <ul className="dotted">
      {findings.map(({ code, subject, sentence }) => (
        <li key={`${code} ${subject}`}>
          <span className="strong">{OFFLINE_TITLES[code]}: </span>
          <span className="mono small inert">{subject}</span>
          <p className="small muted inert">{sentence}</p>
        </li>
      ))}
    </ul>
  );
}

function BlindList({ host: { blindSpots, moreBlindSpots } }: { readonly host: OfflineHostDetail['host'] }) {
  return (
    <ul className="dotted">
      {blindSpots.map(({ path, line, text, reason }) => (
        <li key={`${path} ${line} ${reason}`} className="inert">
          {path}:{line} {text === '' ? null : <code>{text}</code>} {reason}
        </li>
      ))}
      {moreBlindSpots === 0 ? null : <li>{moreBlindSpots.toLocaleString('en')} more.</li>}
    </ul>
  );
}
