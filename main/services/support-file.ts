import { hostname, homedir, release, type, userInfo } from 'node:os';
import { createPseudonyms } from '../../shared/log/pseudonyms.ts';
import { redact } from '../../shared/log/redact.ts';
import { bytesText } from '../../shared/text/amount-text.ts';
import { FIREBREAK_VERSION } from '../../shared/version.ts';
import { verifyAudit } from '../db/audit-store.ts';
import { sizeOf } from '../db/copy-workspace.ts';
import { findFacts } from '../db/host-state-store.ts';
import { type HostRecord, listHosts } from '../db/host-store.ts';
import { MIGRATIONS, newestVersion } from '../db/migrate.ts';
import { listPushes } from '../db/push-store.ts';
import { isSample } from '../db/sample-mark.ts';
import { listVersions } from '../db/version-store.ts';
import { readLastLines } from '../log/read-log.ts';
import type { BackendContext } from './backend-context.ts';
import { readDraft } from './draft.ts';
import { listHostViews } from './host-views.ts';

const SHOWN_LINES = 300;
const LOOKED_AT_PUSHES = 50;

/**
 * What helps somebody else to find a fault, as one text that whoever sends it can read: versions, figures, and the end of the log. Names and addresses of
 * the site are replaced, secrets taken out once more. Asks no host and sends nothing.
 */
export function makeSupportText(ctx: BackendContext): string {
  const hide = createPseudonyms(namesOf(ctx));
  const lines = ctx.logDir === null ? [] : readLastLines(ctx.logDir, SHOWN_LINES);
  return [
    'Firebreak support file',
    '',
    `Made ${new Date(ctx.nowMs()).toISOString()}. Read it before you send it; it is sent nowhere by itself.`,
    'Names of hosts, zones, services, lists, labels and users are replaced (host-1), addresses',
    'too (address-1); rules, flows and passwords are not in it. Delete what you would rather keep.',
    ...section('Program', programLines(ctx)),
    ...section('Workspace', workspaceLines(ctx)),
    ...section('Hosts', hostLines(ctx)),
    ...section(`Log: the newest ${lines.length} lines`, lines.map((line) => hide(redact(line, ctx.secrets.known())))),
    '',
  ].join('\n');
}

const section = (title: string, lines: readonly string[]): string[] => ['', `== ${title} ==`, ...(lines.length === 0 ? ['(nothing)'] : lines)];

/** Everything that people named, and where they are. */
function namesOf(ctx: BackendContext): { kind: string; names: string[] }[] {
  const hosts = listHosts(ctx.workspace.read);
  const { zones, services, ipLists } = readDraft(ctx).policy;
  const labels = listHostViews(ctx).flatMap((host) => Object.values(host.labels));
  return [
    { kind: 'workspace', names: [ctx.workspace.path] },
    { kind: 'home', names: [homedir()] },
    { kind: 'host', names: hosts.flatMap(({ name, ssh }) => [name, ...(ssh === null ? [] : [ssh.address])]).filter((name) => !/^[\d.]+$|:/.test(name)) },
    { kind: 'console', names: [hostname()] },
    { kind: 'zone', names: zones.map(({ name }) => name) },
    { kind: 'service', names: services.map(({ name }) => name) },
    { kind: 'list', names: ipLists.map(({ name }) => name) },
    { kind: 'label', names: labels },
    // root is everybody's.
    { kind: 'user', names: [ctx.user, userInfo().username, ...sshUsers(hosts)].filter((name) => name !== 'root') },
  ];
}

const sshUsers = (hosts: readonly HostRecord[]): string[] => hosts.flatMap(({ ssh }) => (ssh === null ? [] : [ssh.user]));

function programLines(ctx: BackendContext): string[] {
  const { node, electron, openssl } = process.versions;
  return [
    `firebreak ${FIREBREAK_VERSION}, ${ctx.console === null ? 'command line' : 'window'}`,
    `${type()} ${release()} ${process.arch}`,
    `node ${node}${electron === undefined ? '' : `, electron ${electron}`}, openssl ${openssl}`,
  ];
}

function workspaceLines(ctx: BackendContext): string[] {
  const { path, read } = ctx.workspace;
  const { entries, brokenAt } = verifyAudit(read);
  const outcomes = countBy(listPushes(read, { limit: LOOKED_AT_PUSHES }).map(({ outcome }) => outcome));
  const { zones, rules } = readDraft(ctx).policy;
  return [
    `format ${newestVersion(MIGRATIONS)}, ${bytesText(sizeOf(path))}${isSample(read) ? ', the sample' : ''}${ctx.heldBy === null ? '' : ', held by another console'}`,
    `${rules.length} rules, ${zones.length} zones (${countBy(zones.map(({ mode }) => mode))}), ${listVersions(read).length} versions`,
    `newest pushes: ${outcomes}`,
    `audit log: ${brokenAt === null ? `${entries} entries fit` : `broken at entry ${brokenAt} of ${entries}`}`,
  ];
}

function hostLines(ctx: BackendContext): string[] {
  const kinds = listHostViews(ctx).map((host) => {
    const facts = findFacts(ctx.workspace.read, host.id);
    if (!host.managed) return 'without an agent, not managed';
    const system = facts === null ? 'never asked' : `${facts.os.id} ${facts.os.version}, kernel ${facts.kernel}, nft ${facts.nftVersion}, ${facts.arch}`;
    return `${system}, ${host.agentVersion === null ? 'no agent' : `agent ${host.agentVersion}`}${host.lastError === null ? '' : `, last answer ${host.lastError.code}`}`;
  });
  return kinds.length === 0 ? [] : countBy(kinds, '\n').split('\n');
}

/** `3 enforce, 1 test`: the most frequent first. */
function countBy(values: readonly string[], between = ', '): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].toSorted(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  return sorted.length === 0 ? 'none' : sorted.map(([value, count]) => `${count} ${value}`).join(between);
}
