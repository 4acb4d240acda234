import { sealBundle } from '../../main/services/seal-bundle.ts';
import { signingKey } from '../../main/services/signing-key.ts';
import { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { Push } from '../../shared/model/diff.ts';
import type { LabHost } from '../lab/host.ts';
import type { Lab } from '../lab/lab.ts';
import { aRule, draftZone, enrol, makeWorkspace, moveZone, openConsole, overAll, push } from '../main-job/lab-console.ts';
import { prepareHost, RELOAD_FOREIGN, type Way } from './foreign-rules.ts';
import { agentOverSsh } from './over-ssh.ts';
import { installReceiver, PROBE_PORTS } from './probes.ts';
import { readRules } from './read-rules.ts';
import { watchPool } from './watch-pool.ts';

export type RulesName = 'old' | 'fresh' | 'third' | 'tested';
/** A policy as the console compiled and sent it, and what the kernel had after it was confirmed. */
export type KnownRules = { readonly version: Push['version']; /** Signed and numbered anew each time, so that a host takes it again. */ readonly text: string; readonly unsealed: string; readonly hash: string; readonly whole: string; readonly parts: readonly string[] };

/** One host with a console of its own. Every case begins with `old` confirmed and running; the rules in the draft are those of `old`. */
export type FaultWorld = {
  readonly way: Way;
  readonly host: LabHost;
  /** A host without an agent that sends probes (probes.ts); all worlds share it. */
  readonly peer: LabHost;
  /** Bundle text as the console's compiler made it, signed and numbered with this workspace's key as a push would; `seq` for another number. */
  seal(unsealed: string, seq?: number): string;
  readonly workspacePath: string;
  readonly rules: Readonly<Record<RulesName, KnownRules>>;
  /** All files of the host, outside what every boot and log changes, before the agent was installed. */
  readonly filesBefore: string;
  /** Every table that is not ours, as printed. */
  readonly foreign: string;
  /** An id that no push of this world has had. */
  nextPushId(): string;
  remove(): void;
};

/** Folders that are written by every boot, by logs and by SSH logins are not the agent's. */
export const LIST_FILES = `find / -xdev \\( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /var/tmp -o -path /var/log -o -path /var/lib/systemd -o -path /var/lib/private -o -path /root -o -path /var/cache \\) -prune -o -print | sort; ls -A /run | grep -i firebreak; { nft list tables; ipset list -n; } 2>/dev/null | grep -e firebreak -e '^fb_'; systemctl list-unit-files --plain --no-legend 'firebreak*'; systemctl list-units --all --plain --no-legend 'firebreak*'; true`;

/** `tested` is `old` in test mode: it refuses nothing. `fresh` and `third` are added to `old`. */
function ruleTexts(peer: string): Readonly<Record<RulesName, readonly ReturnType<typeof aRule>[]>> {
  const probes = (name: 'old' | 'fresh') => aRule('allow', peer, 'app=base', `udp/${PROBE_PORTS[name]},udp/${PROBE_PORTS.always}`);
  const old = [aRule('allow', '10.9.0.0/16', 'app=base', 'tcp/8080'), aRule('deny', '10.9.9.0/24', 'app=base', 'any'), probes('old')];
  return {
    tested: old,
    old,
    fresh: [aRule('allow', '10.20.0.0/16', 'app=base', 'tcp/9000-9100,udp/5000'), aRule('allow', '10.21.0.0/17', 'app=base', 'tcp/443'), probes('fresh'), aRule('deny', peer, 'app=base', `udp/${PROBE_PORTS.old}`)],
    third: [aRule('allow', '10.30.0.0/16', 'app=base', 'tcp/7000')],
  };
}

export async function openFaultWorld(lab: Lab, host: LabHost, peer: LabHost, way: Way = 'nft'): Promise<FaultWorld> {
  await installReceiver(host);
  await prepareHost(host, way);
  const filesBefore = await host.run(LIST_FILES);
  const { foreign } = await readRules(host);
  const workspace = makeWorkspace();
  const sent: string[] = [];
  const sshPool = watchPool(async (call, run) => {
    if (call.verb === 'apply') sent.push(call.stdin);
    return run();
  });
  const { client, backend } = openConsole(workspace.workspacePath, { sshPool });
  const key = signingKey(backend);
  // Above what the console itself gives, which is the host's last number and one.
  let lastSeq = 0;
  const nextSeq = () => (lastSeq = Math.max(lastSeq + 1, Date.now()));
  const seal = (unsealed: string, seq = nextSeq()) => sealBundle(key, unsealed, seq);
  const texts = ruleTexts(peer.ipv4);
  const learn = async (name: RulesName): Promise<KnownRules> => {
    const added = name === 'old' ? [] : await client.policy.addRules({ rules: [...texts[name]] });
    const pushed = await push(client, 30);
    if (pushed.outcome !== 'confirmed') throw new Error(`the first push of ${name} ended ${pushed.outcome}: ${JSON.stringify(pushed.hosts)}`);
    const { whole, parts } = await readRules(host);
    const text = sent.at(-1) ?? '';
    if (name !== 'old' && name !== 'tested') for (const { id } of added) await client.policy.removeRule({ id });
    const unsealed = text.replace(/^# seq .*\n/m, '').replace(/^# -----BEGIN SSH SIGNATURE-----\n[\s\S]*/m, '');
    return {
      version: pushed.version,
      get text() {
        return seal(unsealed);
      },
      unsealed,
      hash: /^# hash (.*)$/m.exec(text)?.[1] ?? '',
      whole: whole ?? '',
      parts: parts ?? [],
    };
  };
  try {
    await enrol(client, [host], lab.sshKeyPath);
    await draftZone(client, 'base', 'app=base', 'test');
    const tested = await learn('tested');
    await moveZone(client, 'base', 'enforce');
    const old = await learn('old');
    const fresh = await learn('fresh');
    const third = await learn('third');
    await push(client, 30);
    let pushes = 0;
    const nextPushId = () => {
      pushes += 1;
      return `p_fault${String(pushes).padStart(6, '0')}`;
    };
    return { way, host, peer, seal, workspacePath: workspace.workspacePath, rules: { old, fresh, third, tested }, filesBefore, foreign, nextPushId, remove: workspace.remove };
  } finally {
    await backend.close();
  }
}

/** As at the machine's own console: SSH is asserted on its own, and costs more than the answer. */
export async function readStatus(host: LabHost): Promise<AgentStatus> {
  const answer = await host.exec(['/usr/local/sbin/firebreak-agent', 'status']);
  if (answer.code !== 0) throw new Error(`status ended with ${answer.code}: ${answer.stdout}${answer.stderr}`);
  return AgentStatus.parse(JSON.parse(answer.stdout));
}

/** `apply` of known rules over SSH; fails when the agent does. */
export async function applyRules(world: FaultWorld, name: RulesName, windowSeconds: number): Promise<string> {
  const id = world.nextPushId();
  const answer = await agentOverSsh(world.host, `apply --id ${id} --by tester --confirm-within ${windowSeconds}`, world.rules[name].text);
  if (answer.code !== 0) throw new Error(`apply ended with ${answer.code}: ${answer.stdout}`);
  return id;
}

export async function confirmPush(world: FaultWorld, id: string): Promise<void> {
  const answer = await agentOverSsh(world.host, `confirm ${id}`);
  if (answer.code !== 0) throw new Error(`confirm ended with ${answer.code}: ${answer.stdout}`);
}

/** Makes the world as every case expects it, whatever the case before left; does nothing to a host that is so already. */
export async function restoreOld(world: FaultWorld): Promise<void> {
  const { host, rules } = world;
  await host.powerOn();
  await host.healFrom('console');
  await host.healNetwork();
  await host.freeDisk();
  await host.exec('rm -f /run/fault.reached /usr/local/lib/libfaketime.so.1; systemctl unset-environment LD_PRELOAD FAKETIME');
  const kernel = await readRules(host);
  if (kernel.foreign !== world.foreign) await host.run(RELOAD_FOREIGN[world.way]);
  const before = await readStatus(host).catch(() => null);
  if (before === null || !before.timerEnabled || !before.bootUnitEnabled || before.hostId === null) await reinstall(world);
  const status = before?.timerEnabled && before.bootUnitEnabled ? before : await readStatus(host);
  if (status.pending !== null) await agentOverSsh(host, `rollback --id ${status.pending.id}`);
  const isOld = status === before && status.pending === null && status.runningBundle === rules.old.hash && status.confirmedBundle === rules.old.hash && kernel.whole === rules.old.whole;
  if (!isOld) await confirmPush(world, await applyRules(world, 'old', 60));
}

/** As an admin would: install over what is there. */
export async function reinstall(world: FaultWorld): Promise<void> {
  const { client, backend } = openConsole(world.workspacePath);
  try {
    await overAll(client, 'install');
  } finally {
    await backend.close();
  }
}
