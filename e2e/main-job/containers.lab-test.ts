import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { aRule, draftZone, enrol, makeWorkspace, openConsole, overAll, push } from './lab-console.ts';

/** A container as Docker makes it (a namespace behind a bridge, port 8080 redirected to its port 80, masqueraded), on a host that the console takes from observe to enforce. */
let lab: Lab;
let box: LabHost;
let web: LabHost;
let workspace: ReturnType<typeof makeWorkspace>;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'box', role: 'plain' }, { name: 'web', role: 'plain' }] });
  [box, web] = [lab.host('box'), lab.host('web')];
  workspace = makeWorkspace();
});
afterAll(async () => {
  await lab?.stop();
  workspace?.remove();
});

const CONTAINER = `set -e
ip link add docker0 type bridge
ip addr add 172.17.0.1/16 dev docker0
ip -6 addr add fd17::1/64 dev docker0 nodad
ip link set docker0 up
ip netns add shop
ip link add veth0 type veth peer name eth0 netns shop
ip link set veth0 master docker0 up
ip -n shop link set lo up
ip -n shop addr add 172.17.0.2/16 dev eth0
ip -n shop -6 addr add fd17::2/64 dev eth0 nodad
ip -n shop link set eth0 up
ip -n shop route add default via 172.17.0.1
ip -n shop -6 route add default via fd17::1
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
for t in iptables-nft ip6tables-nft; do
  case $t in ip6*) to=[fd17::2]:80 net=fd17::/64 ;; *) to=172.17.0.2:80 net=172.17.0.0/16 ;; esac
  $t -t nat -N DOCKER
  $t -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
  $t -t nat -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination $to
  $t -t nat -A POSTROUTING -s $net ! -o docker0 -j MASQUERADE
done
systemd-run --quiet --collect --unit=shop-container --property=Type=exec ip netns exec shop python3 /usr/local/lib/lab/listen.py tcp 80`;

const FAMILIES = [4, 6] as const;
const intoContainer = () => Promise.all(FAMILIES.map((family) => web.tryConnect({ to: box, port: 8080, family })));
const outOfContainer = async () => {
  const said = await Promise.all(FAMILIES.map((family) => box.run(['ip', 'netns', 'exec', 'shop', 'python3', '/usr/local/lib/lab/connect.py', 'tcp', String(family), family === 4 ? web.ipv4 : web.ipv6, '9000', '1000'])));
  return said.map((text) => text.trim());
};

/** `direction peer port verdict` of what box reported, without repetitions. */
async function readFlows(client: BackendClient): Promise<string[]> {
  await overAll(client, 'collect');
  const { rows } = await client.flows.list({ sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null, limit: 5000, offset: 0 });
  const ofBox = rows.filter((row) => row.reporterName === 'box' && [8080, 80, 9000].includes(row.port));
  return [...new Set(ofBox.map((row) => `${row.direction} ${row.peerName} ${row.port} ${row.verdict}`))].sort();
}

test('a published port and what its container sends are seen, refused and allowed like the host’s own', async () => {
  await box.run(CONTAINER);
  await web.listen({ port: 9000 });
  const { client, backend } = openConsole(workspace.workspacePath);
  await enrol(client, lab.hosts, lab.sshKeyPath);
  await client.hosts.label({ name: 'box', labels: { role: 'box' } });
  await expect.poll(intoContainer, { timeout: 10_000 }).toEqual(['connected', 'connected']);
  expect(await outOfContainer()).toEqual(['connected', 'connected']);
  expect(await readFlows(client)).toEqual(['in web 8080 accepted', 'out web 9000 accepted']);
  expect((await client.hosts.get({ name: 'box' })).published).toEqual([{ protocol: 'tcp', from: 8080, to: 8080 }]);

  await draftZone(client, 'boxes', 'role=box', 'enforce', 'restricted');
  expect((await push(client, 30)).outcome).toBe('confirmed');
  expect([await intoContainer(), await outOfContainer()]).toEqual([['timeout', 'timeout'], ['timeout', 'timeout']]);
  expect(await readFlows(client)).toEqual(['in web 8080 accepted', 'in web 8080 blocked', 'out web 9000 accepted', 'out web 9000 blocked']);

  await client.policy.addRules({ rules: [aRule('allow', 'host:web', 'role=box', 'tcp/8080'), aRule('allow', 'role=box', 'host:web', 'tcp/9000')] });
  expect((await push(client, 30)).outcome).toBe('confirmed');
  expect([await intoContainer(), await outOfContainer()]).toEqual([['connected', 'connected'], ['connected', 'connected']]);
  await overAll(client, 'uninstall');
  expect(await box.run('nft list tables | sort')).toBe('table ip nat\ntable ip6 nat\n');
  await backend.close();
});
