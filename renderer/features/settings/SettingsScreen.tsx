import { PageHead } from '../../ui/PageHead.tsx';
import { ForwardCard } from './ForwardCard.tsx';
import { KeychainCard } from './KeychainCard.tsx';
import { LookCard } from './LookCard.tsx';
import { SupportCard } from './SupportCard.tsx';
import { ThresholdsCard } from './ThresholdsCard.tsx';
import { UpdatesCard } from './UpdatesCard.tsx';
import { WorkspaceCard } from './WorkspaceCard.tsx';

/** What this window looks like, which counts at once, and what holds for the whole workspace, which is saved. */
export function SettingsScreen() {
  return (
    <div className="page">
      <PageHead title="Settings" />
      <div className="page-body">
        <div className="settings">
          <LookCard />
          <WorkspaceCard />
          <ThresholdsCard />
          <KeychainCard />
          <ForwardCard />
          <UpdatesCard />
          <SupportCard />
        </div>
      </div>
    </div>
  );
}
