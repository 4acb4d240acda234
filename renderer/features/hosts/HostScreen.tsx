import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { useState } from 'react';
import type { HostDetail } from '../../../shared/contract/views.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { RowMenu } from '../../ui/Menu.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { ContainmentNotes } from './ContainmentNotes.tsx';
import { FactsCard } from './FactsCard.tsx';
import { FootprintCard } from './FootprintCard.tsx';
import { HostDialogs } from './HostDialogs.tsx';
import { HostNotes } from './HostNotes.tsx';
import { HostStateMark } from './HostStateMark.tsx';
import { hostActions } from './host-actions.ts';
import { hostCommands } from './host-commands.ts';
import type { HostDialog } from './host-dialogs.ts';
import { LabelsCard } from './LabelsCard.tsx';
import { ListeningCard } from './ListeningCard.tsx';
import { PolicyCard } from './PolicyCard.tsx';
import { PostureCard } from './PostureCard.tsx';
import { QualityCard } from './QualityCard.tsx';
import { ReachCard } from './ReachCard.tsx';
import { RulesTextCard } from './RulesTextCard.tsx';
import { TimelineCard } from './TimelineCard.tsx';

/** Everything known about one host. What the host itself sent is shown inert. */
export function HostScreen() {
  const { name } = useParams({ from: '/hosts/$name' });
  const host = useQuery(api.hosts.get.queryOptions({ input: { name } }));
  return (
    <div className="page">
      {host.data === undefined ? <PageHead title={name} back={<BackToHosts />} /> : null}
      <QueryState query={host} what={name}>
        {(data) => <HostPage host={data} />}
      </QueryState>
    </div>
  );
}

function BackToHosts() {
  return (
    <Link to="/hosts" className="back-link">
      <ChevronLeft size={16} aria-hidden />
      Hosts
    </Link>
  );
}

function HostPage({ host }: { readonly host: HostDetail }) {
  const [dialog, setDialog] = useState<HostDialog | null>(null);
  const navigate = useNavigate();
  return (
    <>
      <PageHead title={host.name} back={<BackToHosts />} detail={<HostStateMark state={host.state} isSilent={host.lastError !== null} />}>
        {host.ssh === null ? null : <Button onPress={() => void hostCommands.checkCompatibility([host.name])}>Check compatibility</Button>}
        {host.ssh === null ? null : <Button onPress={() => void hostCommands.collect([host.name])}>Collect flows</Button>}
        {host.ssh === null || host.agentVersion === null ? null : (
          <Button onPress={() => setDialog({ kind: 'quarantine', name: host.name })}>Quarantine …</Button>
        )}
        <RowMenu label={`Actions for ${host.name}`} actions={hostActions(host, setDialog)} />
      </PageHead>
      <div className="page-body stack">
        <ContainmentNotes hostName={host.name} />
        <HostNotes host={host} onCompare={() => setDialog({ kind: 'trust', name: host.name, thenInstall: true })} />
        <div className="card-grid">
          <ReachCard host={host} />
          <PolicyCard host={host} />
        </div>
        <LabelsCard hostName={host.name} />
        {host.managed && host.facts !== null ? <PostureCard host={host} facts={host.facts} /> : null}
        {host.facts === null ? null : <FactsCard facts={host.facts} host={host} />}
        {host.facts === null ? null : <ListeningCard listening={host.listening} recordedSinceMs={host.recordedSinceMs} />}
        {host.managed && host.agentVersion !== null ? (
          <>
            <QualityCard hostName={host.name} />
            <FootprintCard hostName={host.name} />
          </>
        ) : null}
        <TimelineCard hostName={host.name} />
        {host.managed ? <RulesTextCard host={host} /> : null}
      </div>
      <HostDialogs dialog={dialog} open={setDialog} onRemoved={() => void navigate({ to: '/hosts' })} />
    </>
  );
}
