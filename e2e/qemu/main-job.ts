import type { BackendClient } from '../../main/rpc/client.ts';
import { aRule, draftZone, moveZone, overAll } from '../main-job/lab-console.ts';
import { CONSOLE_IPV4 } from './build-guest.ts';
import { callOut, collectFlows, enrolGuest, knock, pushConfirmed } from './console-site.ts';
import type { RunningGuest } from './guest.ts';
import { expectEqual, expectLines, step } from './steps.ts';

const BOTH_CONNECT = 'connected connected';
const BOTH_TIME_OUT = 'timeout timeout';
const RULES = 'nft --stateless --terse list table inet firebreak';

/** observe → test → enforce → reboot → rollback with the real console over SSH, and what must hold at each step. Throws at the first that does not. */
export async function runMainJob(guest: RunningGuest, client: BackendClient): Promise<void> {
  await step('install: the agent observes', () => install(guest, client));
  await step('observe: everything passes and is recorded with its service, user and unit', () => observe(guest, client));
  await step('test: what would be blocked passes and is counted as such', () => tryPolicy(guest, client));
  await step('enforce: the friend connects, the stranger does not, by IPv4 and IPv6', () => enforce(guest, client));
  await step('the journal has what was refused, and no more lines than documented', () => readLog(guest));
  await step('reboot: the confirmed rules are back before the services', () => reboot(guest, client));
  await step('rollback: the policy before, kept over the console', () => rollback(guest, client));
  await step('the journal has the events, and the kernel has no complaint', () => readEvents(guest));
  await step('uninstall: nothing of ours is left', () => uninstall(guest, client));
}

async function install(guest: RunningGuest, client: BackendClient): Promise<string> {
  await enrolGuest(client, guest);
  const { facts } = await client.hosts.get({ name: 'guest' });
  expectEqual('the address that the guest sees the console at', facts?.ssh?.clientAddress, CONSOLE_IPV4);
  return `${facts?.os.name}, kernel ${facts?.kernel}, nft ${facts?.nftVersion}; probed features ${JSON.stringify(facts?.features)}`;
}

async function observe(guest: RunningGuest, client: BackendClient): Promise<string> {
  expectEqual('friend → 8080', await knock(guest, 'friend', 8080), BOTH_CONNECT);
  expectEqual('stranger → 8081', await knock(guest, 'stranger', 8081), BOTH_CONNECT);
  expectEqual('stranger → 8082', await knock(guest, 'stranger', 8082), 'refused refused');
  const flows = await collectFlows(client);
  expectLines('recorded', flows, [
    /^in 10\.77\.1\.2 tcp\/8080 accepted nobody served-8080\.service$/,
    /^in fd77:1::2 tcp\/8080 accepted nobody served-8080\.service$/,
    /^in 10\.77\.2\.2 tcp\/8081 accepted nobody served-8081\.service$/,
    /^in 10\.77\.2\.2 tcp\/8082 accepted - -$/,
    /^out 10\.77\.1\.2 tcp\/9000 accepted backup caller\.service$/,
    /^out fd77:1::2 tcp\/9000 accepted backup caller\.service$/,
  ]);
  return `${flows.length} kinds of connections`;
}

async function tryPolicy(guest: RunningGuest, client: BackendClient): Promise<string> {
  await client.policy.addRules({
    rules: [
      aRule('allow', '10.77.1.0/24', 'role=guest', 'tcp/8080'),
      aRule('allow', 'fd77:1::/64', 'role=guest', 'tcp/8080'),
      aRule('deny', 'role=guest', '10.77.1.0/24', 'tcp/9001'),
      aRule('deny', 'role=guest', 'fd77:1::/64', 'tcp/9001'),
    ],
  });
  await draftZone(client, 'guests', 'role=guest', 'test');
  await pushConfirmed(client);
  expectEqual('friend → 8080', await knock(guest, 'friend', 8080), BOTH_CONNECT);
  expectEqual('stranger → 8080', await knock(guest, 'stranger', 8080), BOTH_CONNECT);
  expectEqual('guest → friend 9001', await callOut(guest, 'friend', 9001), BOTH_CONNECT);
  const wouldBlock = (await collectFlows(client)).filter((line) => line.includes('would-block'));
  expectLines('counted', wouldBlock, [/^in 10\.77\.2\.2 tcp\/8080 /, /^in fd77:2::2 tcp\/8080 /, /^out 10\.77\.1\.2 tcp\/9001 /, /^out fd77:1::2 tcp\/9001 /]);
  expectEqual(
    'would-block of the friend',
    wouldBlock.filter((line) => /^in \S+1::?\.?2 tcp\/8080/.test(line)),
    [],
  );
  return wouldBlock.join('; ');
}

async function enforce(guest: RunningGuest, client: BackendClient): Promise<string> {
  await moveZone(client, 'guests', 'enforce');
  await pushConfirmed(client);
  await expectEnforced(guest);
  const blocked = (await collectFlows(client)).filter((line) => line.includes(' blocked '));
  expectLines('counted', blocked, [/^in 10\.77\.2\.2 tcp\/8080 /, /^in fd77:2::2 tcp\/8080 /, /^out 10\.77\.1\.2 tcp\/9001 /]);
  return blocked.join('; ');
}

async function expectEnforced(guest: RunningGuest): Promise<void> {
  expectEqual('friend → 8080', await knock(guest, 'friend', 8080), BOTH_CONNECT);
  expectEqual('stranger → 8080', await knock(guest, 'stranger', 8080), BOTH_TIME_OUT);
  expectEqual('stranger → 8081', await knock(guest, 'stranger', 8081), BOTH_TIME_OUT);
  expectEqual('guest → friend 9000', await callOut(guest, 'friend', 9000), BOTH_CONNECT);
  expectEqual('guest → friend 9001', await callOut(guest, 'friend', 9001), 'refused refused');
}

const BURST = 1000;
/** `limit rate 30/minute burst 30`: what one minute and a burst before it can let through. */
const LINES_A_MINUTE = 30;

/** A thousand refused connections at once: the lines that the kernel's log got of them, through journald. */
async function readLog(guest: RunningGuest): Promise<string> {
  const kernelLines = async () => (await guest.run('journalctl -q -k -o cat -g "firebreak deny" || true')).split('\n').filter(Boolean);
  const before = await kernelLines();
  expectLines('kernel log', before, [
    /firebreak deny in IN=stranger .*SRC=10\.77\.2\.2 DST=10\.77\.2\.1 .*PROTO=TCP .*DPT=8080 .*SYN/,
    /firebreak deny in IN=stranger .*SRC=fd77:0002:0000:0000:0000:0000:0000:0002 DST=fd77:0002:0000:0000:0000:0000:0000:0001 .*DPT=8080 .*SYN/,
    /firebreak deny out .*OUT=friend .*SRC=10\.77\.1\.1 DST=10\.77\.1\.2 .*DPT=9001 .*SYN/,
  ]);
  const burst = `import socket
for n in range(${BURST}):
  s = socket.socket(); s.setblocking(False); s.connect_ex(("10.77.2.1", 8080)); s.close()`;
  const seconds = Number(
    await guest.run(`began=$(cut -d . -f 1 /proc/uptime); ip netns exec stranger python3 -c '${burst}'; echo $(($(cut -d . -f 1 /proc/uptime) - began))`),
  );
  const added = (await kernelLines()).length - before.length;
  const most = LINES_A_MINUTE + Math.ceil((seconds * LINES_A_MINUTE) / 60) + 1;
  if (added < 1 || added > most) throw new Error(`${BURST} refused connections in ${seconds} s made ${added} lines and not 1 to ${most}`);
  return `${BURST} refused connections in ${seconds} s made ${added} lines; the first: ${before[0] ?? ''}`;
}

async function reboot(guest: RunningGuest, client: BackendClient): Promise<string> {
  const rules = await guest.run(RULES);
  await guest.reboot();
  expectEqual('the rules after the boot', await guest.run(RULES), rules);
  await expectEnforced(guest);
  await overAll(client, 'collect');
  expectEqual('the state of the host', (await client.hosts.get({ name: 'guest' })).state, 'in-sync');
  return (
    await guest.run(
      'systemctl show -P ExecMainExitTimestampMonotonic firebreak-boot.service; systemctl show -P InactiveExitTimestampMonotonic systemd-networkd.service',
    )
  )
    .trim()
    .split('\n')
    .map((micros) => `${(Number(micros) / 1e6).toFixed(1)} s`)
    .join(' after power-on our rules were loaded, networkd began at ');
}

async function rollback(guest: RunningGuest, client: BackendClient): Promise<string> {
  let outcome: string | null = null;
  for await (const event of await client.pushes.rollback({ hosts: { kind: 'all' }, note: 'test', confirmWithinSeconds: 300 })) outcome = event.outcome;
  expectEqual('the rollback', outcome, 'confirmed');
  expectEqual('stranger → 8080', await knock(guest, 'stranger', 8080), BOTH_CONNECT);
  expectEqual('guest → friend 9001', await callOut(guest, 'friend', 9001), BOTH_CONNECT);
  return 'test mode runs again';
}

async function readEvents(guest: RunningGuest): Promise<string> {
  const events = (await guest.run('journalctl -q -t firebreak -o cat -g "^event="')).trim().split('\n');
  expectLines('events', events, [/^event=applied seq=\d+ .*mode="test"/, /^event=confirmed seq=\d+ .*mode="enforce"/]);
  const complaints = (await guest.run('journalctl -q -k -b -p warning -o cat -g "nf_|nft|conntrack|BUG|WARNING|Oops" || true'))
    .split('\n')
    .filter((line) => line !== '' && !line.includes('firebreak deny'));
  expectEqual('complaints of the kernel', complaints, []);
  return `${events.length} events`;
}

async function uninstall(guest: RunningGuest, client: BackendClient): Promise<string> {
  await overAll(client, 'uninstall');
  expectEqual(
    'what is left',
    await guest.run("nft list tables; find / -xdev -name '*firebreak*' -not -path '/proc/*' -not -path '/var/log/*' 2>/dev/null || true"),
    '',
  );
  return '';
}
