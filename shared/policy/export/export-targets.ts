import type { Abilities } from './abilities.ts';
import { AWS_ABILITIES, printAws } from './aws.ts';
import { AZURE_ABILITIES, printAzure } from './azure.ts';
import type { ExportFile, ExportInput } from './export-form.ts';
import type { ExportTarget } from './export-target.ts';
import { IPTABLES_GATEWAY_ABILITIES, printIptablesGateway } from './iptables-gateway.ts';
import { IPTABLES_HOST_ABILITIES, printIptablesHost } from './iptables-host.ts';
import { KUBERNETES_ABILITIES, printKubernetes } from './kubernetes.ts';
import { NFTABLES_GATEWAY_ABILITIES, printNftablesGateway } from './nftables-gateway.ts';
import { PF_ABILITIES, printPf } from './pf.ts';
import { printWindows, WINDOWS_ABILITIES } from './windows.ts';

/** A language of another firewall. `about` is for lists of targets. */
export type ExportTargetWords = { readonly about: string; readonly abilities: Abilities; readonly print: (input: ExportInput) => ExportFile[] };

export const EXPORT_TARGETS: Readonly<Record<ExportTarget, ExportTargetWords>> = {
  'nftables-gateway': { about: 'nft, for a Linux router in front of the hosts', abilities: NFTABLES_GATEWAY_ABILITIES, print: printNftablesGateway },
  'iptables-gateway': { about: 'iptables-restore and ip6tables-restore, for one without nft', abilities: IPTABLES_GATEWAY_ABILITIES, print: printIptablesGateway },
  'iptables-host': { about: 'iptables, ip6tables and ipset, on Linux hosts themselves that are to have no agent', abilities: IPTABLES_HOST_ABILITIES, print: printIptablesHost },
  kubernetes: { about: 'NetworkPolicy, for pods that stand for the hosts', abilities: KUBERNETES_ABILITIES, print: printKubernetes },
  aws: { about: 'security groups, as Terraform JSON', abilities: AWS_ABILITIES, print: printAws },
  azure: { about: 'network security groups, as Terraform JSON', abilities: AZURE_ABILITIES, print: printAzure },
  windows: { about: 'Defender Firewall on each host, as PowerShell', abilities: WINDOWS_ABILITIES, print: printWindows },
  pf: { about: 'pf on each host, for macOS and the BSDs', abilities: PF_ABILITIES, print: printPf },
};
