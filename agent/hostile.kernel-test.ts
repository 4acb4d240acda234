import { afterEach, beforeEach, expect, test } from 'vitest';
import { AgentFacts } from '../shared/contract/agent-replies.ts';
import { apply, ENFORCE, eventually, openInstalled, statusOf } from './testing/agent-story.ts';
import type { AgentShell, Sandbox } from './testing/sandbox.ts';
import { SHELLS } from './testing/shells.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openInstalled('dash');
});
afterEach(() => sandbox.close());

const readFacts = async (shell: AgentShell = 'dash', words = ''): Promise<AgentFacts> => {
  const result = await sandbox.run(`exec ${shell} /usr/local/lib/firebreak/firebreak-agent facts ${words}`);
  expect(result.code, result.stderr).toBe(0);
  expect(result.stdout.trim().split('\n').length).toBe(1);
  return AgentFacts.parse(JSON.parse(result.stdout));
};

/** Listens, then calls itself what it was told: perl's $0 sets the process name that the kernel keeps (prctl(2), PR_SET_NAME), 15 bytes of any kind but NUL. */
const LISTENER = String.raw`my ($name, $address, $port) = @ARGV; $name =~ s/%([0-9a-f]{2})/chr hex $1/ge; my $family = $address =~ /:/ ? AF_INET6 : AF_INET;
my $packed = inet_pton($family, $address); socket(S, $family, SOCK_STREAM, 0) or die; setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1);
bind(S, $family == AF_INET6 ? pack_sockaddr_in6($port, $packed) : pack_sockaddr_in($port, $packed)) or die; listen(S, 1) or die; $0 = $name; sleep 1000`;

/** A process named `name` (%xx: a byte) listens; resolves when it does. */
async function listenAs(name: string, port: number, options: { address?: string; prefix?: string } = {}): Promise<void> {
  await sandbox.run('cat >/run/listener.pl', `use Socket qw(:all); ${LISTENER}`);
  await sandbox.run(`${options.prefix ?? ''} perl /run/listener.pl '${name}' ${options.address ?? '0.0.0.0'} ${port} </dev/null >/dev/null 2>&1 &`);
  await eventually(() => sandbox.run(`grep -qi ":$(printf %04X ${port}) .* 0A " /proc/net/tcp /proc/net/tcp6`), ({ code }) => code === 0, 5_000);
  await eventually(() => sandbox.run('pgrep -x perl'), ({ code }) => code === 1, 5_000);
}

test.each(SHELLS)('process names of any bytes are facts, not syntax (%s)', async (shell) => {
  await listenAs('a"b%5cc', 7001);
  await listenAs('x%0ay%09%01z', 7002);
  await listenAs('%ff%c3(ok', 7003);
  await listenAs('",pid=1,fd=3)', 7004);
  await listenAs('$(id)`id`', 7005);
  const facts = await readFacts(shell);
  const byPort = new Map(facts.listening.map((socket) => [socket.port, socket]));
  expect(byPort.get(7001)?.process).toBe('a"b\\c');
  expect(byPort.get(7002)?.process).toBe('x\ny\t\u0001z');
  expect(byPort.get(7003)?.process).toBe('\ufffd\ufffd(ok');
  expect(byPort.get(7004)).toMatchObject({ process: '",pid=1,fd=3)', uid: 0 });
  expect(byPort.get(7004)?.pid).toBeGreaterThan(1);
  expect(byPort.get(7005)?.process).toBe('$(id)`id`');
});

test('addresses, interfaces, users and host names of odd bytes come out as they are', async () => {
  await sandbox.run(`printf 'we"ird:x:4242:4242::/:/bin/sh\\n' >>/etc/passwd; printf 'nameserver 10.9.8.7\\nnameserver fd00::53\\nnameserver $(id)\\n' >/etc/resolv.conf
printf '[Time]\\nNTP=ntp1.example "quoted"\\n' >/etc/systemd/timesyncd.conf
ip link add 'a"\\$(x)' type bridge && ip addr add 10.55.0.1/24 dev 'a"\\$(x)' && ip -6 addr add fd55::1/64 dev 'a"\\$(x)'; ip link set 'a"\\$(x)' up`);
  await sandbox.run(`printf 'h\\033[31m"\\377' >/proc/sys/kernel/hostname`);
  await listenAs('plain', 7001, { prefix: 'chmod 755 /run/listener.pl; setpriv --reuid 4242 --clear-groups' });
  const facts = await readFacts('dash', "--ssh '10.0.0.9 51000 10.55.0.1 22'");
  expect(facts.hostname).toBe('h\u001b[31m"\ufffd');
  expect(facts.addresses).toContainEqual({ interface: 'a"\\$(x)', family: 4, address: '10.55.0.1', prefix: 24, scope: 'global' });
  expect(facts.addresses).toContainEqual(expect.objectContaining({ family: 6, address: 'fd55::1', prefix: 64 }));
  expect(facts.listening).toContainEqual(expect.objectContaining({ port: 7001, uid: 4242, user: 'we"ird' }));
  expect(facts.resolvers).toEqual(['10.9.8.7', 'fd00::53']);
  expect(facts.timeServers).toEqual(['ntp1.example', '"quoted"']);
  expect(facts.ssh).toEqual({ clientAddress: '10.0.0.9', serverAddress: '10.55.0.1', serverPort: 22 });
});

test('addresses of listeners are those of the sockets, in both families', async () => {
  await sandbox.run('ip addr add 10.66.0.1/24 dev lo; ip -6 addr add fd66::a:0:0:1/128 dev lo nodad');
  await listenAs('four', 7001, { address: '10.66.0.1' });
  await listenAs('six', 7002, { address: 'fd66::a:0:0:1' });
  const facts = await readFacts();
  expect(facts.listening.map(({ protocol, address, port }) => ({ protocol, address, port }))).toEqual([
    { protocol: 'tcp', address: '10.66.0.1', port: 7001 },
    { protocol: 'tcp', address: 'fd66::a:0:0:1', port: 7002 },
  ]);
});

test('an SSH_CONNECTION that is none is null, and foreign firewalls are named', async () => {
  await sandbox.run('nft add table ip filter; nft add table inet firewalld');
  const facts = await readFacts('dash', `--ssh '"$(id)" 1 2 3'`);
  expect(facts.ssh).toBeNull();
  expect(facts.firewalls).toEqual([
    { name: 'nft ip filter', state: 'loaded' },
    { name: 'nft inet firewalld', state: 'loaded' },
  ]);
  expect(Object.values(facts.features)).toEqual(Object.values(facts.features).map(() => true));
});

test('who pushes is kept as text, whatever it is', async () => {
  await sandbox.run(`cat >/run/bundle`, ENFORCE.text);
  const by = `a"b\\c\n\u0001$(id)\u00e9`;
  const result = await sandbox.agent(`apply --id p_000000000001 --confirm-within 60 --by '${by}'`, ENFORCE.text);
  expect(statusOf(result).pending?.by).toBe('a"b\\c$(id)\u00e9');
});

test.each(['', 'p 1', '../x', 'p_1;id', 'x'.repeat(65)])('a push id like “%s” is a usage error', async (id) => {
  expect((await apply(sandbox, `'${id}'`, ENFORCE.text)).code).toBe(2);
});
test.each(['0', '4', '3601', '-5', '1e3', '99999999999999999999', 'x', '010'])('a window of “%s” seconds is a usage error', async (seconds) => {
  expect((await sandbox.agent(`apply --id p_1 --by x --confirm-within ${seconds}`, ENFORCE.text)).code).toBe(2);
});
