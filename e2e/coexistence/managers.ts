import type { LabHost } from '../lab/host.ts';
import type { ConnectOutcome } from '../lab/probe.ts';

/** Ports by who lets them in; each is listened on, or published from a container. */
export const PORTS = { both: 8080, oursOnly: 8081, theirsOnly: 8082 } as const;

export type Verdicts = Readonly<Record<keyof typeof PORTS, ConnectOutcome>>;

/** Another program that decides about the same packets, as Debian installs it. */
export type Manager = {
  readonly name: string;
  readonly packages: readonly string[];
  /** Makes its rules with its own commands: `both` and `theirsOnly` pass, `oursOnly` does not. */
  readonly setUp: (host: LabHost) => Promise<void>;
  /** How it refuses `oursOnly`. */
  readonly refusal: ConnectOutcome;
  /** Its settings on the disk, which nobody else may touch. */
  readonly configPaths: string;
  /** What its users do with it, in this order; it runs again after the last. `isOff`: it then refuses nothing. */
  readonly operations: readonly { readonly what: string; readonly command: string; readonly isOff?: boolean }[];
  /** What its users have to do again after a reboot, since it keeps no rules of theirs. */
  readonly afterReboot?: (host: LabHost) => Promise<void>;
  /** What the host's facts call it, and how the plan says that it decides too. */
  readonly factsName: string;
  readonly warning: RegExp;
};

const run = (command: string) => async (host: LabHost) => {
  await host.run(command, { timeoutMs: 120_000 });
};
const listen = async (host: LabHost) => {
  for (const port of Object.values(PORTS)) await host.listen({ port, unit: `echo-${port}` });
};

const ufw: Manager = {
  name: 'ufw',
  packages: ['ufw'],
  setUp: run(`ufw allow 22/tcp && ufw allow ${PORTS.both}/tcp && ufw allow ${PORTS.theirsOnly}/tcp && ufw --force enable`),
  refusal: 'timeout',
  configPaths: '/etc/ufw /etc/default/ufw /lib/ufw',
  operations: [
    { what: 'ufw reload', command: 'ufw reload' },
    { what: 'a restart of its service', command: 'systemctl restart ufw.service' },
    { what: 'ufw disable', command: 'ufw disable', isOff: true },
    { what: 'ufw enable', command: 'ufw --force enable' },
  ],
  factsName: 'ufw',
  warning: /^On ufw, ufw is asked first/,
};

const firewalld: Manager = {
  name: 'firewalld',
  packages: ['firewalld'],
  setUp: run(`firewall-cmd --permanent --add-port=${PORTS.both}/tcp --add-port=${PORTS.theirsOnly}/tcp && firewall-cmd --reload`),
  refusal: 'unreachable',
  configPaths: '/etc/firewalld',
  operations: [
    { what: 'firewall-cmd --reload', command: 'firewall-cmd --reload' },
    { what: 'firewall-cmd --complete-reload', command: 'firewall-cmd --complete-reload' },
    { what: 'a restart', command: 'systemctl restart firewalld.service' },
    { what: 'a stop', command: 'systemctl stop firewalld.service', isOff: true },
    { what: 'a start', command: 'systemctl start firewalld.service' },
  ],
  factsName: 'firewalld.service',
  warning: /^On firewalld, firewalld is asked first/,
};

const IPTABLES_RULES = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A INPUT -p tcp -m multiport --dports 22,${PORTS.both},${PORTS.theirsOnly} -j ACCEPT
COMMIT
`;

const iptables: Manager = {
  name: 'iptables-nft',
  packages: ['iptables-persistent'],
  setUp: async (host) => {
    await host.run('cat >/etc/iptables/rules.v4 && systemctl restart netfilter-persistent.service', { stdin: IPTABLES_RULES });
  },
  refusal: 'timeout',
  configPaths: '/etc/iptables',
  operations: [
    { what: 'netfilter-persistent reload', command: 'netfilter-persistent reload' },
    { what: 'a flush of its rules', command: 'iptables -P INPUT ACCEPT && iptables -F', isOff: true },
    { what: 'a start of its service', command: 'netfilter-persistent start' },
  ],
  factsName: 'netfilter-persistent.service',
  warning: /^On iptables-nft, iptables .* is asked first/,
};

/** Where Docker leaves a place for rules of others. It keeps them when it restarts, and not over a reboot. */
const DROP_OURS_ONLY = `iptables -I DOCKER-USER -p tcp -m conntrack --ctorigdstport ${PORTS.oursOnly} --ctdir ORIGINAL -j DROP`;
/** A container of nothing but busybox, and three ports of the host that lead into it. */
const DOCKER_SET_UP = `set -e
mkdir -p /tmp/image/bin && cp /bin/busybox /tmp/image/bin/ && tar -C /tmp/image -cf - . | docker import - tiny >/dev/null
docker run -d --restart always --name web ${Object.values(PORTS).map((port) => `-p ${port}:80`).join(' ')} tiny /bin/busybox nc -ll -p 80 -e /bin/busybox cat >/dev/null
${DROP_OURS_ONLY}`;

const docker: Manager = {
  name: 'Docker',
  packages: ['busybox-static', 'docker.io'],
  setUp: run(DOCKER_SET_UP),
  refusal: 'timeout',
  configPaths: '/etc/docker /etc/default/docker',
  operations: [
    { what: 'a restart of the container', command: 'docker restart -t 0 web' },
    { what: 'a restart of dockerd', command: 'systemctl restart docker.service' },
  ],
  afterReboot: run(DROP_OURS_ONLY),
  factsName: 'docker.service',
  warning: /^On docker, Docker redirects published ports/,
};

export const MANAGERS: readonly Manager[] = [ufw, firewalld, iptables, docker];

/** What listens behind the manager: containers do, where there are some. */
export const openPorts = async (host: LabHost, manager: Manager): Promise<void> => (manager === docker ? undefined : listen(host));
