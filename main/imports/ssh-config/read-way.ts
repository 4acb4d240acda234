import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { SshIdentity } from '../../../shared/model/host.ts';
import { inert } from '../../../shared/text/inert.ts';
import type { Assumed } from '../listed-host.ts';
import { evaluateConfig, type Settings } from './evaluate-config.ts';
import type { ConfigItem } from './load-config.ts';
import type { HopText } from './parse-hop.ts';

/** The machine on which the configuration is used. */
export type Local = { readonly homeDir: string; readonly user: string };
export type Way = { readonly address: string; readonly port: number; readonly user: string; readonly identity: SshIdentity; readonly assumed: readonly Assumed[]; readonly notes: readonly string[]; readonly settings: Settings };

const HOST = /^[A-Za-z0-9_.:%-]{1,253}$/;

export type ReadWay = (destination: HopText) => Promise<Way | { readonly reason: string }>;

/** Reads each destination once: the same few are on the way to many hosts. */
export function createWayReader(items: readonly ConfigItem[], local: Local): ReadWay {
  const known = new Map<string, ReturnType<ReadWay>>();
  return (destination) => {
    const key = JSON.stringify([destination.host, destination.user, destination.port]);
    const made = known.get(key) ?? readWay(items, destination, local);
    known.set(key, made);
    return made;
  };
}

/** How ssh would log in to a destination, without the machines before it. */
async function readWay(items: readonly ConfigItem[], { host, user, port }: HopText, local: Local): Promise<Way | { readonly reason: string }> {
  const settings = evaluateConfig(items, { host, user, port, localUser: local.user });
  if (!HOST.test(settings.hostName) || settings.hostName.includes('%')) return { reason: `its HostName “${inert(settings.hostName).slice(0, 100)}” is no name and no address that can be reached without knowing more` };
  const login = settings.user ?? local.user;
  const context = { host, user: login, local };
  const chosen = await chooseIdentity(settings, context);
  const certified = await addCertificate(chosen.identity, settings, context);
  return {
    ...{ address: settings.hostName, port: settings.port ?? 22, user: login, identity: certified.identity, settings },
    assumed: [...(settings.user === null ? (['user'] as const) : []), ...(chosen.isSaid ? [] : (['identity'] as const))],
    notes: [...chosen.notes, ...certified.notes, ...notesOf(settings)],
  };
}

function notesOf({ identityAgent, untried, canonicalizes }: Settings): string[] {
  return [
    ...untried.map((place) => `${place} is not tried: what that block sets is left out`),
    ...(identityAgent === null || ['ssh_auth_sock', 'none'].includes(identityAgent.toLowerCase()) ? [] : ['its own agent (IdentityAgent) is not asked: the console asks the one in SSH_AUTH_SOCK']),
    ...(canonicalizes ? ['its name is not made canonical (CanonicalizeHostname), because no name is looked up'] : []),
  ];
}

type Context = { readonly host: string; readonly user: string; readonly local: Local };

/** The first key file that is there, as ssh tries all of them and a host of the inventory has one; an agent where none is named. */
async function chooseIdentity(settings: Settings, context: Context): Promise<{ identity: SshIdentity; isSaid: boolean; notes: string[] }> {
  const agent = { kind: 'agent' } as const;
  const named = settings.identityFiles.filter((file) => file.toLowerCase() !== 'none');
  const paths = named.map((file) => expandKeyPath(file, settings, context));
  const usable = paths.flatMap((path) => path ?? []);
  if (usable.length === 0) {
    const notes = named.length === 0 ? [] : [`its IdentityFile ${inert(named[0] ?? '')} cannot be told without running ssh: the agent is asked`];
    return { identity: agent, isSaid: false, notes };
  }
  const chosen = await pickFile(usable, context);
  // The public half alone means: the key of the agent that belongs to it.
  if (chosen.endsWith('.pub')) return { identity: agent, isSaid: true, notes: [] };
  const notes = usable.length === 1 ? [] : [`of its ${usable.length} key files ${inert(chosen)} is taken`];
  return { identity: { kind: 'key-file', keyPath: chosen }, isSaid: true, notes };
}

/** The certificate that is named for the key file; one that lies beside it is found without being named. */
async function addCertificate(identity: SshIdentity, settings: Settings, context: Context): Promise<{ identity: SshIdentity; notes: string[] }> {
  const named = settings.certificateFiles.filter((file) => file.toLowerCase() !== 'none');
  if (named.length === 0) return { identity, notes: [] };
  if (identity.kind !== 'key-file') return { identity, notes: ['its certificate (CertificateFile) is presented when ssh-agent holds it: ssh-add loads it with the key'] };
  const usable = named.flatMap((file) => expandKeyPath(file, settings, context) ?? []);
  if (usable.length === 0) return { identity, notes: [`its CertificateFile ${inert(named[0] ?? '')} cannot be told without running ssh: it is not presented`] };
  const certificatePath = await pickFile(usable, context);
  return { identity: { ...identity, certificatePath }, notes: usable.length === 1 ? [] : [`of its ${usable.length} certificates ${inert(certificatePath)} is taken`] };
}

/** The first that is there, else the first. */
async function pickFile(paths: readonly string[], { local }: Context): Promise<string> {
  const there = await Promise.all(paths.map((path) => access(path.startsWith('~/') ? join(local.homeDir, path.slice(2)) : path).then(() => true, () => false)));
  return paths[Math.max(0, there.indexOf(true))] ?? '';
}

/** Tokens of ssh_config(5) that files alone can tell; null for a path with any other, or of the environment. Paths below ~ stay so. */
function expandKeyPath(file: string, { hostName, port }: Settings, { host, user, local }: Context): string | null {
  const known: Readonly<Record<string, string>> = { '%': '%', d: local.homeDir, h: hostName, n: host, p: String(port ?? 22), r: user, u: local.user };
  if (/\$\{/.test(file) || [...file.matchAll(/%(.?)/g)].some(([, token = '']) => !Object.hasOwn(known, token))) return null;
  return file.replaceAll(/%(.)/g, (_, token: string) => known[token] ?? '');
}
