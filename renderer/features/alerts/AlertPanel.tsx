import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { AlertDetail } from '../../../shared/contract/alerts.ts';
import { api } from '../../api/client.ts';
import { IconButton } from '../../ui/Button.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { exactTime, TimeAgo } from '../../ui/TimeAgo.tsx';
import { AlertActions } from './AlertActions.tsx';
import { KindMark, StateMark } from './alert-words.tsx';

/** One alert beside the list: what is stored about it, by which rule it came, and what to do. */
export function AlertPanel({ id, onClose }: { readonly id: number; readonly onClose: () => void }) {
  const detail = useQuery(api.alerts.get.queryOptions({ input: { id } }));
  return (
    <aside className="panel" aria-label="Alert">
      <div className="panel-head">
        <h2 className="grow inert">{detail.data?.title ?? 'Alert'}</h2>
        <IconButton label="Close panel" icon={X} onPress={onClose} />
      </div>
      <div className="panel-body">
        <QueryState query={detail} what="the alert">
          {(alert) => <Details alert={alert} />}
        </QueryState>
      </div>
    </aside>
  );
}

function Details({ alert }: { readonly alert: AlertDetail }) {
  return (
    <>
      <div className="row">
        <KindMark kind={alert.kind} />
        <StateMark state={alert.state} />
      </div>
      <AlertActions alert={alert} />
      <dl className="facts inert">
        {alert.evidence.map(({ label, text, atMs }) => (
          <div key={label} className="fact-pair">
            <dt>{label}</dt>
            <dd>{atMs === null ? text : <Moment atMs={atMs} text={text} />}</dd>
          </div>
        ))}
        <TimePair label="First" atMs={alert.firstAtMs} />
        <TimePair label="Last" atMs={alert.lastAtMs} />
        <div className="fact-pair">
          <dt>Times</dt>
          <dd>{alert.count.toLocaleString('en')}</dd>
        </div>
      </dl>
      <History alert={alert} />
      <p className="muted small">{alert.rule}</p>
    </>
  );
}

const Moment = ({ atMs, text }: { readonly atMs: number; readonly text: string }) => (
  <>
    {exactTime(atMs)} (<TimeAgo atMs={atMs} />)
    {text === '' ? '' : `: ${text}`}
  </>
);

const TimePair = ({ label, atMs }: { readonly label: string; readonly atMs: number }) => (
  <div className="fact-pair">
    <dt>{label}</dt>
    <dd>
      <Moment atMs={atMs} text="" />
    </dd>
  </div>
);

/** What people and the cause itself made of it. */
function History({ alert: { acknowledged, mutedUntilMs, settled } }: { readonly alert: AlertDetail }) {
  return (
    <>
      {settled === null ? null : (
        <p>
          Settled <TimeAgo atMs={settled.atMs} />: {settled.why}.
        </p>
      )}
      {acknowledged === null ? null : (
        <p className="inert">
          Acknowledged by {acknowledged.by} <TimeAgo atMs={acknowledged.atMs} />
          {acknowledged.note === '' ? '.' : `: ${acknowledged.note}`}
        </p>
      )}
      {mutedUntilMs === null ? null : <p>Muted until {exactTime(mutedUntilMs)}.</p>}
    </>
  );
}
