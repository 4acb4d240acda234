import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { AddHostDialog } from './AddHostDialog.tsx';
import type { HostDialog } from './host-dialogs.ts';
import { LabelsDialog } from './LabelsDialog.tsx';
import { OnboardDialog } from './OnboardDialog.tsx';
import { QuarantineDialog } from './QuarantineDialog.tsx';
import { RemoveHostsDialog } from './RemoveHostsDialog.tsx';
import { TrustKeyDialog } from './TrustKeyDialog.tsx';
import { UninstallDialog } from './UninstallDialog.tsx';
import { UnlockDialog } from './UnlockDialog.tsx';
import { UnlockKeysDialog } from './UnlockKeysDialog.tsx';

type Props = { readonly dialog: HostDialog | null; readonly open: (dialog: HostDialog | null) => void; readonly onRemoved?: () => void };

/** The one open dialog about hosts, for the list and for the page of one host. */
export function HostDialogs({ dialog, open, onRemoved }: Props) {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const close = () => open(null);
  switch (dialog?.kind) {
    case 'add':
      return (
        <AddHostDialog
          knownHosts={hosts.data ?? []}
          onClose={close}
          onAdded={(host) => open(host.ssh === null ? null : { kind: 'trust', name: host.name, thenInstall: true })}
        />
      );
    case 'trust':
      return <TrustKeyDialog name={dialog.name} offersInstall={dialog.thenInstall} onClose={close} />;
    case 'onboard':
      return <OnboardDialog hosts={dialog.hosts} onClose={close} />;
    case 'unlock':
      return <UnlockDialog name={dialog.name} onClose={close} />;
    case 'unlock-keys':
      return <UnlockKeysDialog onClose={close} />;
    case 'labels':
      return <LabelsDialog hosts={dialog.hosts} onClose={close} />;
    case 'remove':
      return <RemoveHostsDialog hosts={dialog.hosts} onClose={close} onRemoved={() => onRemoved?.()} />;
    case 'quarantine':
      return <QuarantineDialog name={dialog.name} onClose={close} />;
    case 'uninstall':
      return <UninstallDialog names={dialog.names} onClose={close} />;
    case undefined:
      return null;
  }
}
