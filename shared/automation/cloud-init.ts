import { AGENT_TEXT, FIRST_BOOT_SCRIPT, FIRST_BOOT_UNIT, printSeedOrder, SEED_DIR, type SeedOrder } from './first-boot.ts';

/** What a machine starts with: its order, its signed rules, and the agent as text; null where its image has that. */
export type HostSeed = { readonly order: SeedOrder; readonly rules: string; readonly observe: string; readonly agentText: string | null };
/** gzip, then base64 in one line: kept out of here, where there is no zlib. */
export type Packed = (text: string) => string;

type SeedFile = { readonly name: string; readonly text: string };

function listSeedFiles({ order, rules, observe, agentText }: HostSeed): SeedFile[] {
  return [
    ...(agentText === null
      ? []
      : [
          { name: AGENT_TEXT, text: agentText },
          { name: 'first-boot.sh', text: FIRST_BOOT_SCRIPT },
        ]),
    { name: 'observe.nft', text: observe },
    { name: 'bundle.nft', text: rules },
    // Last: what has no order is no host yet.
    { name: 'order', text: printSeedOrder(order) },
  ];
}

/** User data for the machine that will be this host, and for no other (https://cloudinit.readthedocs.io, modules write_files and runcmd). No secret is in it. */
export function printCloudInit(seed: HostSeed, packed: Packed): string {
  const files = listSeedFiles(seed).map(({ name, text }) => `  - path: ${SEED_DIR}/${name}\n    permissions: '0600'\n    encoding: gz+b64\n    content: ${packed(text)}\n`);
  const run = seed.agentText === null ? `  - [systemctl, start, ${FIRST_BOOT_UNIT}]` : `  - [sh, ${SEED_DIR}/first-boot.sh]`;
  return `#cloud-config
# Firebreak: the machine that starts with this is ${seed.order.name} (${seed.order.host}), and only if it has one of these addresses: ${seed.order.addresses.join(' ')}.
# ${seed.agentText === null ? `Its image must have the agent (firebreak agent image --for ansible, or dockerfile): the rules are up before sshd.` : 'Everything is in it, and nothing is fetched: the rules are up at the end of the first boot, some seconds after sshd.'}
# It needs nftables, openssh-client, iproute2 and util-linux. Rules are those of the day on which this was made: push when it is up.
merge_how: 'list(append)+dict(no_replace,recurse_list)+str()'
write_files:
${files.join('')}runcmd:
${run}
`;
}
