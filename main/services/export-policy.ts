import type { ExportChoice, ExportedPolicy, ExportOrder } from '../../shared/contract/contract-exports.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { EXPORT_TARGETS } from '../../shared/policy/export/export-targets.ts';
import type { ExportStamp } from '../../shared/policy/export/export-form.ts';
import { printRefusal } from '../../shared/policy/export/refusal-book.ts';
import { toExport } from '../../shared/policy/export/to-export.ts';
import { matchesSelectorSet } from '../../shared/policy/select.ts';
import { findNewestVersion } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { compileInstead, readCompiledDraft } from './draft-compiled.ts';
import { hashPolicy } from './policy-hash.ts';
import { getVersionPolicy } from './versions.ts';

/**
 * The draft or a version, for the chosen hosts, in the target's language. No file where something would have to be left out, unless the order says that it may be.
 * @throws NOT_FOUND for a host or version that is not there · INPUT_INVALID where nobody is chosen, or as compileFleet
 */
export function exportPolicy(ctx: BackendContext, { target, choice, isPartial, isEnforced, version }: ExportOrder): ExportedPolicy {
  const { written, policy, fleet } = version === null ? readCompiledDraft(ctx) : compileInstead(ctx, getVersionPolicy(ctx, version));
  const { abilities, print } = EXPORT_TARGETS[target];
  const chosen = new Set(chooseHosts(fleet, choice).map(({ id }) => id));
  const made = toExport(isEnforced ? enforceAll(policy) : policy, fleet, { chosen, nowMs: ctx.nowMs(), abilities });
  const stamp = readStamp(ctx, written, { isEnforced, version });
  // A file that protects nobody would look like one that does.
  const isWritten = made.groups.length > 0 && (made.refusals.length === 0 || isPartial);
  const files = isWritten ? print({ ...made, stamp }) : [];
  assertApart(files.map(({ suffix }) => suffix));
  return {
    files,
    hosts: made.groups.flatMap((group) => group.hosts.map(({ name }) => name)).sort(),
    policy: stamp.policyText,
    refusals: made.refusals.map((refusal) => ({ ...refusal, hosts: [...refusal.hosts], text: printRefusal(refusal) })),
    notes: [...made.notes],
  };
}

/** On macOS and Windows two files whose names differ in case only are one, and a host would be without its rules. @throws INPUT_INVALID */
function assertApart(suffixes: readonly string[]): void {
  const [same] = [...Map.groupBy(suffixes, (suffix) => suffix.toLowerCase()).values()].filter(({ length }) => length > 1);
  if (same !== undefined) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'hosts', message: `the files ${same.join(' and ')} would be one where case does not count; export these hosts one by one` }] });
}

function chooseHosts(fleet: readonly FleetHost[], choice: ExportChoice): readonly FleetHost[] {
  const chosen = fleet.filter((host) => (choice.kind === 'unmanaged' ? !host.managed : choice.kind === 'names' ? choice.names.includes(host.name) : matchesSelectorSet(choice.select, host)));
  const missing = choice.kind === 'names' ? choice.names.find((name) => !chosen.some((host) => host.name === name)) : undefined;
  if (missing !== undefined) throw new FirebreakError('NOT_FOUND', { what: 'host', name: missing, known: fleet.map(({ name }) => name) });
  if (chosen.length === 0) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'hosts', message: choice.kind === 'unmanaged' ? 'every host has an agent; name those that are to be exported all the same' : 'the selector matches no host' }] });
  return chosen;
}

const enforceAll = (policy: Policy): Policy => ({ ...policy, zones: policy.zones.map((zone) => ({ ...zone, mode: 'enforce' })) });

function readStamp(ctx: BackendContext, written: Policy, { isEnforced, version }: Pick<ExportOrder, 'isEnforced' | 'version'>): ExportStamp {
  const policyHash = hashPolicy(written);
  const newest = findNewestVersion(ctx.workspace.read);
  const from = version !== null ? `version ${version}` : newest === undefined ? 'a draft; nothing was pushed yet' : newest.hash === policyHash ? `version ${newest.id}` : `a draft that differs from version ${newest.id}, the newest that was pushed`;
  return { atMs: ctx.nowMs(), policyText: `${from}${isEnforced ? ', every zone as if it enforced' : ''}`, policyHash };
}
