import type { AnsibleExported, ImagesMade, ImageTarget } from '../../shared/contract/automation.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { formatTable } from './table.ts';

type Orders = AnsibleExported['hosts'];

const rowsOf = (hosts: Orders): string => formatTable(['HOST', 'PUSH', 'ZONE', 'MODE', 'BUNDLE', 'NUMBER'], hosts.map((one) => [one.host, one.push, one.zone ?? '-', one.mode, one.bundle.slice(0, 12), String(one.seq)]));
const warningsOf = (hosts: Orders): string[] => hosts.flatMap(({ warnings }) => warnings.map((text) => `Warning: ${text}.`));

export function formatAnsible({ version, folder, kit, hosts }: AnsibleExported): string {
  return [
    `Version ${version} for ${countText(hosts.length, 'host')} in ${folder}. There: ansible-playbook firebreak.policy.push`,
    rowsOf(hosts),
    ...warningsOf(hosts),
    `Afterwards: firebreak bundle receipt ${folder}/receipts (signed with ${kit}).`,
  ].join('\n');
}

/** EC2 takes 16 KB before base64, most others 64 KB: docs/automation.md. */
const SMALL_BYTES = 16_384;

export function formatImages(target: ImageTarget, { folder, version, hosts, files }: ImagesMade): string {
  const wrote = `Wrote ${files.map(({ path, bytes }) => `${path} (${Math.ceil(bytes / 1024)} KB)`).join(', ')} to ${folder}.`;
  if (version === null) return `${wrote}\nMachines made of it are no hosts until they are told which: firebreak agent image --for cloud-init HOST --agent-in-image`;
  const isLarge = target === 'cloud-init' && files.some(({ bytes }) => bytes > SMALL_BYTES);
  return [
    wrote,
    `Version ${version}; each is for one machine, at its own address.`,
    rowsOf(hosts),
    ...warningsOf(hosts),
    ...(isLarge ? ['Some clouds take no user data of that size (EC2: 16 KB): put the agent into the image, and give --agent-in-image.'] : []),
    'When a machine is up: firebreak host trust HOST, and firebreak collect HOST; then its push is in the record.',
  ].join('\n');
}
