import { listMachineObstacles } from './machine.ts';
import { ensureLayer, ensureTree } from './tree.ts';

/**
 * `prepare-trees.ts first|rest`: makes the root trees that this part of the lab ring boots hosts from (build/rings/parts.ts), and the layers of packages over them, where they are not there yet: mostly
 * downloads, so that it is done beside the rings before the lab's, which makes what is missing.
 */
const LAYERS_OF_REST = [['ipset', 'iptables'], ['ldap-utils', 'slapd'], ['libnss-ldapd', 'nslcd'], ['libnss-sss', 'sssd-ldap'], ['cloud-init'], ['ufw'], ['firewalld'], ['iptables-persistent'], ['busybox-static', 'docker.io'], ['fail2ban', 'python3-systemd']];
const log = (line: string) => console.log(`lab: ${line}`);

if (listMachineObstacles().length === 0) {
  const bookworm = await ensureTree(log, 'bookworm');
  if (process.argv[2] === 'rest') {
    for (const release of ['bullseye', 'trixie'] as const) await ensureTree(log, release);
    for (const packages of LAYERS_OF_REST) await ensureLayer(log, bookworm, packages);
  }
}
