import type { HostChoice } from '../../../shared/contract/host-choice.ts';
import type { UninstallRules } from '../../../shared/model/compatibility.ts';
import { client } from '../../api/client.ts';
import { runTask } from '../../api/task-store.ts';
import { runCheck } from './compatibility-check.ts';

/** `names` must not be empty; the first is checked, the contract refuses the rest. */
const choice = (names: readonly string[]): HostChoice => ({ kind: 'names', names: [...names] });
const ofHosts = (names: readonly string[]): string => (names.length === 1 ? (names[0] ?? '') : `${names.length} hosts`);

/** Commands over hosts, each with its progress in the task tray. They resolve when the command ended, however it ended. */
export const hostCommands = {
  install: (names: readonly string[]) => runTask(`Install agent on ${ofHosts(names)}`, () => client.agents.install({ hosts: choice(names) })),
  uninstall: (names: readonly string[], rules: UninstallRules) =>
    runTask(`Uninstall agent from ${ofHosts(names)}`, () => client.agents.uninstall({ hosts: choice(names), rules })),
  /** Its progress and result are shown at once; see `compatibility-check.ts`. */
  checkCompatibility: (names: readonly string[]) =>
    runCheck(`Check compatibility of ${ofHosts(names)}`, (signal) => client.agents.check({ hosts: choice(names) }, { signal })),
  status: (names: readonly string[]) => runTask(`Read state of ${ofHosts(names)}`, () => client.agents.status({ hosts: choice(names) })),
  collect: (names: readonly string[]) => runTask(`Collect from ${ofHosts(names)}`, () => client.agents.collect({ hosts: choice(names) })),
};
