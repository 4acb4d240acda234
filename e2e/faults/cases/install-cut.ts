import { atLine, lineAt, stopAtLine, type Trace } from '../at-line.ts';
import type { FaultCase } from '../fault-case.ts';
import { type FaultWorld, reinstall, restoreOld } from '../fault-world.ts';
import { assertInvariants } from '../invariants.ts';
import { agentOverSsh } from '../over-ssh.ts';
import { listRefusing } from '../refusing-iptables.ts';

/** Where a console's package is unpacked here: on the disk, so that it is there after the power came back too. */
const UNPACKED = '/root/fault-install';
const PROGRAM = `${UNPACKED}/firebreak-agent`;

/** Unpacks the program and signs the host's own observe bundle anew, as an upgrade sends it. Gives the installer's words. */
async function unpack(world: FaultWorld): Promise<string> {
  const { host } = world;
  const observe = await host.run('cat /var/lib/firebreak/observe.nft');
  const unsealed = observe.replace(/^# seq .*\n/m, '').replace(/^# -----BEGIN SSH SIGNATURE-----\n[\s\S]*/m, '');
  await host.run(`rm -rf ${UNPACKED} && cp -rL /usr/local/lib/firebreak ${UNPACKED} && cat >${UNPACKED}/observe.nft && sync`, { stdin: world.seal(unsealed) });
  const hostId = (await host.run('cat /etc/firebreak/host-id')).trim();
  return `install --host-id ${hostId} --bundle ${UNPACKED}/observe.nft`;
}

/** Lengths of undisturbed ones on each world's host, measured once. */
const upgrades = new WeakMap<FaultWorld, Trace>();
const firsts = new WeakMap<FaultWorld, Trace>();
async function traceOf(known: WeakMap<FaultWorld, Trace>, world: FaultWorld, words: string): Promise<Trace> {
  const found = known.get(world);
  if (found) return found;
  const trace = await atLine(world, 'count', 0, words, '', PROGRAM);
  if (trace.code !== 0) throw new Error(`an undisturbed install ended with ${trace.code}: ${trace.stdout}`);
  known.set(world, trace);
  return trace;
}

/** Staging, self-check, the link, units, and the rename that nothing takes back. */
const shares = [0.2, 0.4, 0.6, 0.75, 0.85, 0.93, 0.98];

/** What the host boots with is one whole program, the confirmed policy, and nothing half installed; verify finds nothing that it cannot mend. */
const duringUpgrade = (share: number): FaultCase => ({
  name: `power lost at ${share * 100} % of an upgrade: one whole agent and the same policy`,
  run: async (world) => {
    const trace = await traceOf(upgrades, world, await unpack(world));
    const words = await unpack(world);
    await world.host.powerCut({ loseUnsynced: true });
    await world.host.powerOn();
    await stopAtLine(world, lineAt(trace, share), words, '', PROGRAM);
    await world.host.powerCut({ loseUnsynced: true });
    await world.host.powerOn();
    const { code, stdout } = await agentOverSsh(world.host, 'verify');
    if (code !== 0 || !stdout.includes('"unrepaired":""')) throw new Error(`verify ended with ${code}: ${stdout}`);
    await world.host.run(`rm -rf ${UNPACKED}`);
    await assertInvariants(world, { running: ['old'] });
    await reinstall(world);
    await assertInvariants(world, { running: ['old'] });
  },
});

const REFUSING_NFT = 'nft list table inet firebreak 2>/dev/null | grep -E " (drop|reject)" | grep -v "ct state invalid"';

/** Rules of ours that refuse something. */
async function listOurRefusing({ host, way }: FaultWorld): Promise<string[]> {
  if (way === 'nft') return (await host.exec(REFUSING_NFT)).stdout.split('\n').filter((line) => line !== '');
  const texts = await Promise.all(['iptables', 'ip6tables'].map((family) => host.run([family, '-t', 'security', '-S'])));
  return texts.flatMap(listRefusing).filter((rule) => rule.startsWith('-A FB-'));
}

/** A host that never had an agent must be reachable and open, and take the install again. */
const duringFirst = (share: number): FaultCase => ({
  name: `power lost at ${share * 100} % of a first install: nothing is closed, and installing again works`,
  run: async (world) => {
    const signer = (await world.host.run('grep -o "ssh-ed25519 .*" /etc/firebreak/allowed_signers')).trim();
    const words = `${await unpack(world)} --signer '${signer}'`;
    await agentOverSsh(world.host, 'uninstall');
    const trace = await traceOf(firsts, world, words);
    await agentOverSsh(world.host, 'uninstall');
    await stopAtLine(world, lineAt(trace, share), words, '', PROGRAM);
    await world.host.powerCut({ loseUnsynced: true });
    await world.host.powerOn();
    await world.host.run(`rm -rf ${UNPACKED}`);
    const refusing = await listOurRefusing(world);
    if (refusing.length > 0) throw new Error(`a first install that was cut refuses something: ${refusing.join('; ')}`);
    await reinstall(world);
    await restoreOld(world);
    await assertInvariants(world, { running: ['old'] });
  },
});

/** What an uninstall reported is so after the power came back, too: nothing of ours boots. */
const afterUninstall: FaultCase = {
  name: 'power lost right after an uninstall: it stays uninstalled',
  run: async (world) => {
    await agentOverSsh(world.host, 'uninstall');
    await world.host.powerCut({ loseUnsynced: true });
    await world.host.powerOn();
    const { stdout: left } = await world.host.exec('{ nft list tables; ipset list -n; } 2>/dev/null | grep -e firebreak -e "^fb_"; ls -d /etc/firebreak /var/lib/firebreak /usr/local/lib/firebreak* /etc/systemd/system/*firebreak* /etc/systemd/system/*.wants/firebreak* 2>/dev/null');
    if (left.trim() !== '') throw new Error(`back after the power cut: ${left}`);
    await reinstall(world);
    await restoreOld(world);
    await assertInvariants(world, { running: ['old'] });
  },
};

export const installCutCases: readonly FaultCase[] = [...shares.map(duringUpgrade), ...[0.2, 0.5, 0.8].map(duringFirst), afterUninstall];
