import { FirebreakError } from '../../shared/errors.ts';
import type { IpList } from '../../shared/model/policy.ts';
import type { Service } from '../../shared/model/service.ts';
import { isReservedServiceName } from '../../shared/text/service-text.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues, checkIpList } from './check-policy.ts';
import { editDraft } from './draft.ts';
import { listIpListUses, listServiceUses } from './policy-references.ts';

/** Adds the service, or replaces the one of that name in its place: whatever uses it then means the new one. @throws INPUT_INVALID for a name that is a protocol's */
export function putService(ctx: BackendContext, service: Service): Service {
  if (isReservedServiceName(service.name))
    assertNoIssues([{ path: 'name', message: `“${service.name}” cannot be the name of a service: where a rule names services it means a protocol or a port; choose another name` }]);
  return editDraft(ctx, { action: 'policy.putService', subject: service.name, detail: '' }, (policy) => ({
    policy: { ...policy, services: putByName(policy.services, service) },
    result: service,
  }));
}

/** @throws NOT_FOUND · STILL_USED */
export function removeService(ctx: BackendContext, name: string): void {
  editDraft(ctx, { action: 'policy.removeService', subject: name, detail: '' }, (policy) => {
    assertRemovable(
      'service',
      name,
      policy.services.map((s) => s.name),
      listServiceUses(policy, name),
    );
    return { policy: { ...policy, services: policy.services.filter((s) => s.name !== name) }, result: undefined };
  });
}

/** As putService. @throws INPUT_INVALID with every CIDR and name that is none */
export function putIpList(ctx: BackendContext, input: IpList): IpList {
  const { list, issues } = checkIpList(input);
  assertNoIssues(issues);
  return editDraft(ctx, { action: 'policy.putIpList', subject: list.name, detail: [...list.cidrs, ...(list.names ?? [])].join(' ') }, (policy) => ({
    policy: { ...policy, ipLists: putByName(policy.ipLists, list) },
    result: list,
  }));
}

/** @throws NOT_FOUND · STILL_USED */
export function removeIpList(ctx: BackendContext, name: string): void {
  editDraft(ctx, { action: 'policy.removeIpList', subject: name, detail: '' }, (policy) => {
    assertRemovable(
      'IP list',
      name,
      policy.ipLists.map((l) => l.name),
      listIpListUses(policy, name),
    );
    return { policy: { ...policy, ipLists: policy.ipLists.filter((l) => l.name !== name) }, result: undefined };
  });
}

function assertRemovable(what: string, name: string, known: readonly string[], usedBy: string[]): void {
  if (!known.includes(name)) throw new FirebreakError('NOT_FOUND', { what, name, known: [...known] });
  if (usedBy.length > 0) throw new FirebreakError('STILL_USED', { what, name, usedBy });
}

const putByName = <T extends { name: string }>(items: readonly T[], item: T): T[] =>
  items.some((i) => i.name === item.name) ? items.map((i) => (i.name === item.name ? item : i)) : [...items, item];
