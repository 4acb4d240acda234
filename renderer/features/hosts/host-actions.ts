import type { HostView } from '../../../shared/contract/views.ts';
import type { MenuAction } from '../../ui/Menu.tsx';
import { hostCommands } from './host-commands.ts';
import type { HostDialog } from './host-dialogs.ts';

const usesPassword = (host: HostView): boolean => host.ssh !== null && (host.ssh.identity.kind === 'password' || host.ssh.sudo === 'password');

/** What can be done to one host, in the order in which a new host needs it. */
export function hostActions(host: HostView, open: (dialog: HostDialog) => void): readonly MenuAction[] {
  const labels: MenuAction = { id: 'labels', text: 'Edit labels …', run: () => open({ kind: 'labels', hosts: [host] }) };
  const remove: MenuAction = { id: 'remove', text: 'Remove …', isDanger: true, run: () => open({ kind: 'remove', hosts: [host] }) };
  if (host.ssh === null) return [labels, remove];
  const unlock: MenuAction[] = usesPassword(host) ? [{ id: 'unlock', text: 'Give passwords …', run: () => open({ kind: 'unlock', name: host.name }) }] : [];
  const unlockKey: MenuAction[] = host.ssh.identity.kind === 'key-file' ? [{ id: 'unlock-keys', text: 'Unlock keys …', run: () => open({ kind: 'unlock-keys' }) }] : [];
  return [
    {
      id: 'trust',
      text: host.pinnedKeys.length === 0 ? 'Trust key …' : 'Compare key …',
      run: () => open({ kind: 'trust', name: host.name, thenInstall: host.agentVersion === null }),
    },
    ...unlock,
    ...unlockKey,
    { id: 'check', text: 'Check compatibility', run: () => void hostCommands.checkCompatibility([host.name]) },
    { id: 'install', text: host.agentVersion === null ? 'Install agent' : 'Install agent again', run: () => void hostCommands.install([host.name]) },
    { id: 'status', text: 'Read state', run: () => void hostCommands.status([host.name]) },
    { id: 'collect', text: 'Collect flows', run: () => void hostCommands.collect([host.name]) },
    labels,
    { id: 'quarantine', text: 'Quarantine …', isDanger: true, isDisabled: host.agentVersion === null, run: () => open({ kind: 'quarantine', name: host.name }) },
    {
      id: 'uninstall',
      text: 'Uninstall agent …',
      isDanger: true,
      isDisabled: host.agentVersion === null,
      run: () => open({ kind: 'uninstall', names: [host.name] }),
    },
    remove,
  ];
}
