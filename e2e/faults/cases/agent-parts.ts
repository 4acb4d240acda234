import type { FaultCase } from '../fault-case.ts';
import { type FaultWorld, readStatus, reinstall } from '../fault-world.ts';
import { assertInvariants } from '../invariants.ts';
import { agentOverSsh } from '../over-ssh.ts';
import { assertTraffic, LETS } from '../probes.ts';

const PROGRAM = '/usr/local/lib/firebreak';
const STATE = '/var/lib/firebreak';
const UNITS = '/etc/systemd/system';

type Part = {
  readonly name: string;
  readonly damage: string;
  /** Words that `verify` must find before the reboot, run from what is left of the agent. */
  readonly found: string;
  readonly quick?: true;
};

const parts: readonly Part[] = [
  { name: 'the program is gone', damage: `rm -rf ${PROGRAM} ${PROGRAM}.?`, found: 'agent-file', quick: true },
  { name: 'the program cannot run', damage: `echo 'exit 9' >${PROGRAM}/firebreak-agent`, found: 'agent-file' },
  { name: 'a file of the program is empty', damage: `: >${PROGRAM}/lib/restore.sh`, found: 'agent-file' },
  { name: 'the command’s link is gone', damage: 'rm /usr/local/sbin/firebreak-agent', found: 'agent-file' },
  { name: 'the second copy is gone', damage: `rm -rf ${STATE}/program`, found: '' },
  { name: 'the state is gone', damage: `rm ${STATE}/state`, found: 'rules' },
  { name: 'the state is garbage', damage: `head -c 4096 /dev/urandom >${STATE}/state`, found: 'rules' },
  { name: 'the confirmed policy is gone', damage: `rm ${STATE}/confirmed.nft`, found: 'agent-file', quick: true },
  { name: 'the confirmed policy is cut off', damage: `truncate -s 900 ${STATE}/confirmed.nft`, found: 'agent-file' },
  { name: 'all policies but the confirmed one are gone', damage: `rm -f ${STATE}/previous.nft ${STATE}/failsafe.nft ${STATE}/observe.nft`, found: 'agent-file' },
  { name: 'what the recorder keeps is gone', damage: `rm -rf ${STATE}/spool ${STATE}/seq ${STATE}/cgroups ${STATE}/events`, found: 'agent-file' },
  { name: 'the state folder is gone', damage: `rm -rf ${STATE}`, found: 'agent-file rules', quick: true },
  { name: 'the folder in /etc is gone', damage: 'rm -rf /etc/firebreak', found: 'agent-file' },
  { name: 'the folder in /run is gone', damage: 'rm -rf /run/firebreak', found: '' },
  { name: 'the boot unit is gone', damage: `rm ${UNITS}/firebreak-boot.service ${UNITS}/*/firebreak-boot.service && systemctl daemon-reload`, found: 'units', quick: true },
  { name: 'the boot unit is masked', damage: `rm ${UNITS}/firebreak-boot.service && systemctl mask firebreak-boot.service`, found: 'units' },
  { name: 'the unit that follows nftables.service is gone', damage: `rm ${UNITS}/firebreak-after-nftables.service ${UNITS}/*/firebreak-after-nftables.service && systemctl daemon-reload`, found: 'units' },
  { name: 'the timers are gone', damage: `systemctl disable --now firebreak-verify.timer firebreak-collect.timer && rm -f ${UNITS}/firebreak-*.timer && systemctl daemon-reload`, found: 'units' },
];

/** The agent as whoever is left of it runs: the first copy, else the second. */
async function runVerify(world: FaultWorld): Promise<{ found: string; unrepaired: string }> {
  const { code, stdout, stderr } = await world.host.exec(`${PROGRAM}/firebreak-agent verify 2>/dev/null || sh ${STATE}/program/firebreak-agent verify`);
  const answer: unknown = code === 0 ? JSON.parse(stdout.trim().split('\n').at(-1) ?? '') : null;
  if (typeof answer !== 'object' || answer === null || !('found' in answer) || !('unrepaired' in answer)) throw new Error(`verify ended with ${code}: ${stdout}${stderr}`);
  return { found: String(answer.found), unrepaired: String(answer.unrepaired) };
}

/** After it the host has a sound agent again, whatever the case did. */
async function assertMended(world: FaultWorld): Promise<void> {
  const again = await runVerify(world);
  if (again.found !== '' || again.unrepaired !== '') throw new Error(`verify still finds “${again.found}” and cannot repair “${again.unrepaired}”`);
  await assertInvariants(world, { running: ['old'] });
}

const rebootsWithout = ({ name, damage, quick }: Part): FaultCase => ({
  name: `${name}: traffic stays as it was, also after a reboot`,
  ...(quick ? { quick } : {}),
  run: async (world) => {
    await world.host.run(damage);
    await assertTraffic(world.peer, world.host, 'after the damage', LETS.old);
    await world.host.reboot();
    await assertTraffic(world.peer, world.host, 'after the reboot', LETS.old);
    await runVerify(world);
    await assertMended(world);
  },
});

const toldAndMended = ({ name, damage, found }: Part): FaultCase => ({
  name: `${name}: verify tells ${found === '' ? 'nothing' : found} and puts it right`,
  run: async (world) => {
    const { eventSeq } = await readStatus(world.host);
    await world.host.run(damage);
    const told = await runVerify(world);
    if (told.unrepaired !== '') throw new Error(`verify cannot repair ${told.unrepaired}`);
    for (const word of found.split(' ')) if (!told.found.includes(word)) throw new Error(`verify found “${told.found}”, without ${word}`);
    if (found.includes('agent-file')) {
      const { stdout } = await agentOverSsh(world.host, `events --after ${damage.includes('events') || damage === `rm -rf ${STATE}` ? 0 : (eventSeq ?? 0)}`);
      if (!stdout.includes('"event":"tampered","fields":{"what":"agent-file"')) throw new Error(`no event tells it: ${stdout}`);
    }
    await assertTraffic(world.peer, world.host, 'after the repair', LETS.old);
    await assertMended(world);
  },
});

/**
 * Each file of the program away in turn, the table deleted, and what a boot starts run: the second copy must have loaded the rules each time.
 * As a script on the host, with nft as the judge. Prints the files without which the rules did not come back.
 */
const EACH_FILE = `
rules() { nft -s -t list table inet firebreak | sha256sum; }
load() { nft delete table inet firebreak; systemctl restart firebreak-boot.service; }
# A verify in the middle would mend the file, and make a folder of its own where this script stands.
systemctl stop firebreak-verify.timer firebreak-verify.service
load; wanted=$(rules); n=0
cd ${PROGRAM}
for file in $(sed 's/^[0-9a-f]*  //' MANIFEST) MANIFEST; do
  n=$((n + 1)); [ $((n % $1)) = "$2" ] || continue
  cp -p $file /run/part; $3 $file; load
  [ "$(rules)" = "$wanted" ] || echo "$file"
  cp -p /run/part $file; rm /run/part
done
systemctl start firebreak-verify.timer`;
const SLICES = 3;
const eachFile = (how: 'rm' | 'truncate -s 40', slice: number): FaultCase => ({
  name: `each file of the program ${how === 'rm' ? 'gone' : 'cut off'} in turn, part ${slice + 1} of ${SLICES}: a boot still loads the rules`,
  run: async (world) => {
    const failed = await world.host.run(['sh', '-c', EACH_FILE, 'sh', String(SLICES), String(slice), how], { timeoutMs: 300_000 });
    if (failed !== '') throw new Error(`without these the rules did not come back: ${failed}`);
    await runVerify(world);
    await assertMended(world);
  },
});

const bothCopiesGone: FaultCase = {
  name: 'both copies of the program are gone: rules stay, and installing again brings the agent back',
  run: async (world) => {
    await world.host.run(`rm -rf ${PROGRAM} ${PROGRAM}.? ${STATE}/program /usr/local/sbin/firebreak-agent`);
    await assertTraffic(world.peer, world.host, 'without an agent', LETS.old);
    await reinstall(world);
    await assertTraffic(world.peer, world.host, 'installed again', LETS.old);
    await assertMended(world);
  },
};

const killedRunning: FaultCase = {
  name: 'every process of the agent killed, again and again: traffic stays as it was',
  run: async (world) => {
    await world.host.run(
      'for i in 1 2 3 4 5 6; do systemctl start --no-block firebreak-verify.service firebreak-collect.service; sleep 0.0$i; pids=$(pgrep -f [f]irebreak-agent) && kill -KILL $pids; done; systemctl reset-failed; true',
    );
    await assertTraffic(world.peer, world.host, 'after the kills', LETS.old);
    await assertInvariants(world, { running: ['old'] });
  },
};

const slices = Array.from({ length: SLICES }, (_, slice) => slice);
export const agentPartCases: readonly FaultCase[] = [
  ...parts.map(rebootsWithout),
  ...parts.map(toldAndMended),
  ...slices.map((slice) => eachFile('rm', slice)),
  ...slices.map((slice) => eachFile('truncate -s 40', slice)),
  bothCopiesGone,
  killedRunning,
];
