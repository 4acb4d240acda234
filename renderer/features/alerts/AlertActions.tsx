import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { AlertDetail } from '../../../shared/contract/alerts.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { api, client } from '../../api/client.ts';
import { runTask } from '../../api/task-store.ts';
import { draftFromFlow } from '../../editors/draft-from-flow.ts';
import { RuleDialog } from '../../editors/RuleDialog.tsx';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { AcknowledgeDialog } from './AcknowledgeDialog.tsx';
import { draftedEnds, flowsOf } from './alert-flow.ts';
import { MuteDialog } from './MuteDialog.tsx';

/** What can be done about one alert, the cause first. */
export function AlertActions({ alert }: { readonly alert: AlertDetail }) {
  const [dialog, setDialog] = useState<'acknowledge' | 'mute' | 'draft' | null>(null);
  const reopen = useMutation(api.alerts.reopen.mutationOptions());
  const flows = flowsOf(alert);
  const close = () => setDialog(null);
  return (
    <>
      <div className="row wrap">
        {draftedEnds(alert, []) === null ? null : (
          <Button small kind="primary" onPress={() => setDialog('draft')}>
            Draft a rule …
          </Button>
        )}
        {flows === null ? null : (
          <Link className="button small" to="/flows" search={flows}>
            Show flows
          </Link>
        )}
        {['drifted', 'tampered', 'agent-silent'].includes(alert.kind) ? (
          <Button small kind="primary" onPress={() => void runTask(`Verify agent of ${alert.hostName}`, () => client.agents.status({ hosts: { kind: 'names', names: [alert.hostName] } }))}>
            Verify agent
          </Button>
        ) : null}
        <Link className="button small" to="/hosts/$name" params={{ name: alert.hostName }}>
          Open host
        </Link>
        {alert.state === 'settled' ? null : alert.acknowledged === null ? (
          <Button small onPress={() => setDialog('acknowledge')}>
            Acknowledge …
          </Button>
        ) : (
          <Button small isPending={reopen.isPending} onPress={() => reopen.mutate({ ids: [alert.id] })}>
            Open again
          </Button>
        )}
        {alert.state === 'settled' ? null : (
          <Button small onPress={() => setDialog('mute')}>
            Mute …
          </Button>
        )}
      </div>
      {reopen.error === null ? null : <ErrorNote error={reopen.error} />}
      {dialog === 'acknowledge' ? <AcknowledgeDialog ids={[alert.id]} onClose={close} /> : null}
      {dialog === 'mute' ? <MuteDialog alert={alert} onClose={close} /> : null}
      {dialog === 'draft' ? <DraftRule alert={alert} onClose={close} /> : null}
    </>
  );
}

function DraftRule({ alert, onClose }: { readonly alert: AlertDetail; readonly onClose: () => void }) {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const policy = useQuery(api.policy.get.queryOptions({ input: {} }));
  if (hosts.data === undefined || policy.data === undefined) return null;
  const ends = draftedEnds(alert, hosts.data);
  if (ends === null) return null;
  return (
    <RuleDialog
      changed={null}
      initial={draftFromFlow(ends.from, ends.to, [ends.service], policy.data.policy.ipLists)}
      basis={`Drafted from ${ends.from.name} → ${ends.to.name}, blocked ${countText(alert.count, 'time')}. Both ends are widened to their labels; look at what they match.`}
      onClose={onClose}
    />
  );
}
