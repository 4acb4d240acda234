import { PUSH_PLAYBOOK, RECEIPTS_PLAYBOOK, ROLE_RECEIPTS, ROLLBACK_PLAYBOOK } from './ansible-playbooks.ts';
import { SEAL_RECEIPT } from './ansible-receipt.ts';
import { ROLE_AGENT, ROLE_APPLY, ROLE_DEFAULTS, ROLE_LOOK, ROLE_MAIN, ROLE_RECEIPT, ROLE_ROLLBACK } from './ansible-role.ts';

export type AutomationFile = { readonly path: string; readonly text: string };

/** What is true of the whole export: of which version, and by which key its hosts know it. */
export type ExportFacts = { readonly version: number; readonly agentVersion: string; readonly signer: string; readonly kit: string };
/** One host's rules. Each field is of a closed set of characters. `machine`: its machine id and name, where Firebreak has read them. */
export type HostOrder = { readonly name: string; readonly host: string; readonly push: string; readonly by: string; readonly bundle: string; readonly seq: number; readonly mode: string; readonly version: number; readonly machine: string | null };
export type HostRules = { readonly order: HostOrder; readonly rules: string; readonly observe: string };

/** Where Ansible looks for the collection firebreak.policy below the export's folder, which its ansible.cfg names. */
export const COLLECTION = 'ansible_collections/firebreak/policy';

/** Every text file of the export but the inventory and the kit. Of a host its order comes last, so that it never names rules that are not there yet. */
export function printCollection(facts: ExportFacts, hosts: readonly HostRules[]): AutomationFile[] {
  const file = (path: string, text: string): AutomationFile => ({ path, text });
  const inside = (path: string, text: string): AutomationFile => file(`${COLLECTION}/${path}`, text);
  return [
    file('README.md', README),
    file('ansible.cfg', '[defaults]\ncollections_path = .\ninventory = inventory.yml\n\n[ssh_connection]\npipelining = True\n# A host that goes dark is noticed within 15 s, and its shared connection ends.\nssh_args = -o ControlMaster=auto -o ControlPersist=60s -o ServerAliveInterval=5 -o ServerAliveCountMax=3\n'),
    inside('README.md', README),
    inside('galaxy.yml', printGalaxy(facts.version)),
    inside('meta/runtime.yml', "---\nrequires_ansible: '>=2.14.0'\n"),
    inside('playbooks/push.yml', PUSH_PLAYBOOK),
    inside('playbooks/rollback.yml', ROLLBACK_PLAYBOOK),
    inside('playbooks/receipts.yml', RECEIPTS_PLAYBOOK),
    inside('roles/host/defaults/main.yml', ROLE_DEFAULTS),
    inside('roles/host/files/seal_receipt.py', SEAL_RECEIPT),
    ...Object.entries({ main: ROLE_MAIN, look: ROLE_LOOK, agent: ROLE_AGENT, apply: ROLE_APPLY, rollback: ROLE_ROLLBACK, receipt: ROLE_RECEIPT, receipts: ROLE_RECEIPTS }).map(([name, text]) => inside(`roles/host/tasks/${name}.yml`, text)),
    ...hosts.flatMap(({ order, rules, observe }) => [
      inside(`hosts/${order.name}/bundle.nft`, rules),
      inside(`hosts/${order.name}/observe.nft`, observe),
      inside(`hosts/${order.name}/order.json`, `${JSON.stringify(order)}\n`),
    ]),
    inside('hosts/export.json', `${JSON.stringify(facts)}\n`),
  ];
}

const printGalaxy = (version: number): string => `---
namespace: firebreak
name: policy
version: 1.0.${version}
readme: README.md
authors: [the console that signed the rules]
description: Signed rules of one Firebreak workspace, with the agent, loaded with a rollback that each host does by itself.
license: [Apache-2.0]
`;

const README = `# Rules for Ansible

Made by \`firebreak bundle ansible\`. Needs ansible-core 2.14 or newer and OpenSSH 8.1 or newer here, and Python 3, sshd and root (or sudo) on the hosts.

    ansible-playbook firebreak.policy.push --check    # reads, has each agent check its rules, changes nothing
    ansible-playbook firebreak.policy.push            # in waves: one host, a quarter, all
    ansible-playbook firebreak.policy.receipts        # what each host runs now
    ansible-playbook firebreak.policy.rollback        # drops what waits for its confirmation; -e firebreak_to_observe=true drops all rules

Run them in this folder: its ansible.cfg says where the collection is. Hosts are those of inventory.yml; an inventory of your own (-i) needs a group \`firebreak\`, and \`firebreak_name\` where its names are others.

On each host: the agent is installed or upgraded; it checks the rules; it loads them with its own timer armed (\`firebreak_confirm_within\`, 60 seconds); the playbook comes back over a new SSH connection and
confirms. When anything of that fails, nobody confirms, the host goes back by itself, and no further wave begins. Rules that run already are left alone.
A playbook of your own with the role firebreak.policy.host needs \`strategy: host_pinned\`, or hosts wait for each other for longer than their windows.

Back on the console:

    firebreak bundle receipt receipts

The rules are signed by the console for one host each, with a number that rises: no host takes another's, older, changed or twice loaded ones. After a rollback, export again.

\`kit/site-key\` signs receipts on this machine; it opens nothing on any host. Keep it as you keep a key; if it is lost: firebreak bundle forget-kit KIT (its name is in kit/kit).
`;
