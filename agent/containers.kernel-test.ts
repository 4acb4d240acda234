import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { AgentFacts } from '../shared/contract/agent-replies.ts';
import { openSandbox, type Sandbox } from './testing/sandbox.ts';
import { SHELLS } from './testing/shells.ts';

let sandbox: Sandbox | undefined;
afterEach(() => sandbox?.close());

/** As Docker writes them through iptables-nft, somebody's own through the legacy tables, and as Podman does with nft. */
const REDIRECTIONS = `
iptables-nft -t nat -N DOCKER
iptables-nft -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
iptables-nft -t nat -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
iptables-nft -t nat -A DOCKER -d 10.0.0.1/32 ! -i docker0 -p udp -m udp --dport 8000:8010 -j DNAT --to-destination 172.17.0.2:8000-8010
iptables-nft -t nat -A DOCKER -p tcp -m multiport --dports 81,443 -j DNAT --to-destination 172.17.0.3
ip6tables-nft -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination [fd00::2]:80
iptables-legacy -t nat -A PREROUTING -p tcp ! --dport 22 -j DNAT --to-destination 172.17.0.9
nft -f - <<EOF
table inet netavark {
	chain pre {
		type nat hook prerouting priority dstnat;
		fib daddr type local tcp dport { 82, 83 } dnat ip to 10.88.0.5:80 comment "a comment"
		ip6 daddr fd00::1 meta l4proto udp th dport 53 dnat ip6 to [fd00::9]:5353
		tcp dport 90 dnat ip to numgen random mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }
	}
}
EOF`;
const rule = (protocol: string | null, port: number | null, to: string, rest: { portEnd?: number; address?: string } = {}) => ({ protocol, port, portEnd: rest.portEnd ?? port, address: rest.address ?? null, to });

test.each(SHELLS)('facts under %s name the ports that others’ rules redirect, and to where', async (shell) => {
  sandbox = await openSandbox(shell, { busyboxTools: shell === 'busybox sh' });
  const made = await sandbox.run(`set -e\n${REDIRECTIONS}`);
  expect(made).toMatchObject({ code: 0 });
  const before = (await sandbox.run('nft list ruleset; cat /proc/net/ip_tables_names')).stdout;
  const { published, bypasses } = AgentFacts.parse(JSON.parse((await sandbox.agent('facts')).stdout));
  expect(published).toHaveLength(10);
  expect(published).toEqual(
    expect.arrayContaining([
      rule('tcp', 8080, '172.17.0.2:80'),
      rule('udp', 8000, '172.17.0.2:8000-8010', { portEnd: 8010, address: '10.0.0.1' }),
      rule('tcp', 81, '172.17.0.3'),
      rule('tcp', 443, '172.17.0.3'),
      rule('tcp', 8080, '[fd00::2]:80'),
      rule('tcp', null, '172.17.0.9'),
      rule('tcp', 82, '10.88.0.5:80'),
      rule('tcp', 83, '10.88.0.5:80'),
      rule('udp', 53, '[fd00::9]:5353', { address: 'fd00::1' }),
      rule('tcp', 90, expect.stringMatching(/^numgen random mod 2 map/)),
    ]),
  );
  expect(bypasses).toEqual([]);
  expect((await sandbox.run('nft list ruleset; cat /proc/net/ip_tables_names')).stdout).toBe(before);
});

/** This machine's kernel makes neither macvlan nor hardware, so these are lines of `ip -o -d link` (iproute2 6.1) of hosts that have them. */
const LINKS = [
  '1: lo: <LOOPBACK,UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00 promiscuity 0 addrgenmode eui64',
  '2: eth0: <BROADCAST,UP> mtu 1500 qdisc mq master br0 state UP mode DEFAULT group default qlen 1000\\    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 1 \\    bridge_slave state forwarding priority 32',
  '3: eth1: <BROADCAST,UP> mtu 1500 xdp qdisc mq state UP mode DEFAULT group default qlen 1000\\    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff promiscuity 0 addrgenmode eui64\\    prog/xdp id 12',
  '4: br0: <BROADCAST,UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000\\    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0 \\    bridge forward_delay 1500',
  '5: vnet0: <BROADCAST,UP> mtu 1500 qdisc noqueue master br0 state UNKNOWN mode DEFAULT group default qlen 1000\\    link/ether fe:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 1 \\    tun type tap pi off \\    bridge_slave state forwarding',
  '6: docker0: <BROADCAST,UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000\\    link/ether 02:42:00:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0 \\    bridge forward_delay 1500',
  '7: veth1@if6: <BROADCAST,UP> mtu 1500 qdisc noqueue master docker0 state UP mode DEFAULT group default \\    link/ether 02:42:00:00:00:02 brd ff:ff:ff:ff:ff:ff link-netnsid 0 promiscuity 1 \\    veth \\    bridge_slave state forwarding',
  '8: mac0@if2: <BROADCAST,UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000\\    link/ether 02:00:00:00:00:03 brd ff:ff:ff:ff:ff:ff link-netnsid 0 promiscuity 0 \\    macvlan mode bridge bcqueuelen 1000',
  '9: ipvl0@if2: <BROADCAST,UP> mtu 1500 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\\    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff link-netnsid 0 promiscuity 0 \\    ipvlan mode l2 bridge',
];
/** `of`: the name of another namespace’s process; null is the host. */
const read = (awk: readonly [string, ...string[]], of: string | null): string[] => {
  const [program, ...words] = awk;
  const text = execFileSync(program, [...words, ...(of === null ? [] : ['-v', 'other=1']), '-f', new URL('./lib/bypasses.awk', import.meta.url).pathname], {
    input: `${LINKS.join('\n')}\n`,
    encoding: 'utf8',
    env: { ...process.env, firebreak_place: of ?? '' },
  });
  return text.split('\n').filter((line) => line !== '').sort();
};

describe.each([['mawk'], ['busybox', 'awk']] as const)('with %s', (...awk) => {
  test('a host’s own devices tell of shared bridges, XDP and children of its hardware', () => {
    expect(read(awk, null)).toEqual(['bridged\tbr0', 'ipvlan\tipvl0', 'macvlan\tmac0', 'xdp\teth1']);
  });

  test.each(['web', 'host', 'a\\nxdp\\teth9'])('another namespace’s devices tell which of them lead out by themselves, though its process calls itself %s', (name) => {
    expect(read(awk, name)).toEqual(['hardware\teth0', 'hardware\teth1', 'ipvlan\tipvl0', 'macvlan\tmac0'].map((line) => `${line} in the network namespace of ${name}`));
  });
});
