import { parseArgs } from 'node:util';
import { installMissingPrograms } from '../../build/debian/install-packages.ts';
import { startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { plainHosts, SHOP_HOSTS } from './plan.ts';

const USAGE = `usage: npm run lab -- [--plain N] [--no-shop] [--customer]
  Boots the shop's six hosts (and N without a role), keeps them up until Ctrl-C, removes them.
`;

const { values } = parseArgs({
  options: {
    plain: { type: 'string', default: '0' },
    'no-shop': { type: 'boolean', default: false },
    customer: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(USAGE);
} else {
  installMissingPrograms(['nft', 'ip', 'unshare', 'debootstrap', 'ssh-keygen'], (line) => console.error(`set-up: ${line}`));
  const startedMs = performance.now();
  const lab = await startLab({
    hosts: [
      ...(values['no-shop'] ? [] : SHOP_HOSTS),
      ...(values.customer ? [{ name: 'pc1', role: 'customer' as const }] : []),
      ...plainHosts(Number(values.plain)),
    ],
  });
  process.stdout.write(printTable(lab, performance.now() - startedMs));
  setInterval(() => undefined, 60_000); // the hosts are not this process's children by Node's count: stay until a signal comes
}

function printTable(lab: Lab, tookMs: number): string {
  const rows = lab.hosts.map((host) => [host.name, host.plan.role, host.ipv4, host.ipv6, sshCommand(lab, host.ipv4)]);
  const table = [['host', 'role', 'ipv4', 'ipv6', 'log in (root, admin, ops: sudo password `lab`, nosudo)'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const shop = lab.hosts.some((host) => host.name === 'lb1') ? `The shop: http://${lab.host('lb1').ipv4}/\n` : '';
  return `${lines.join('\n')}\n${shop}${lab.hosts.length} hosts up after ${(tookMs / 1000).toFixed(1)} s. Ctrl-C removes them.\n`;
}

function sshCommand(lab: Lab, address: string): string {
  return `ssh -i ${lab.sshKeyPath} -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no root@${address}`;
}
