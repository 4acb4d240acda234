import type { HostLabelling } from '../../shared/labels/assign-labels.ts';
import { createLabelMatcher, type LabelHost } from '../../shared/labels/match-label-rule.ts';
import { listWords } from '../../shared/labels/name-pattern.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { LabelRule } from '../../shared/model/label-rule.ts';
import { parseAddress } from '../../shared/net/address.ts';
import { cidrRange } from '../../shared/net/parse-cidr.ts';
import { containsAddress, toRangeSet } from '../../shared/net/range-set.ts';
import type { BackendContext } from './backend-context.ts';
import { listSharedAddresses } from './fleet.ts';

const MAX_NAMED = 5;

/** What people should know of a rule beside what it changes: where it does not win, and what it rests on. Sentences. */
export function listLabelNotes(ctx: BackendContext, rule: LabelRule, hosts: readonly LabelHost[], labellings: ReadonlyMap<HostId, HostLabelling>): string[] {
  return [...describeLosses(rule, hosts, labellings), ...describeDisagreeing(rule, hosts, labellings), ...describeShared(ctx, rule), ...describeTooLong(rule, hosts)];
}

/** Keys that a hand or an earlier rule has set to something else. */
function describeLosses(rule: LabelRule, hosts: readonly LabelHost[], labellings: ReadonlyMap<HostId, HostLabelling>): string[] {
  const losses = hosts.flatMap(({ id, name }) =>
    (labellings.get(id)?.entries ?? [])
      .filter((entry) => entry.disagrees.some((other) => other.rule === rule.id))
      .map(({ key, source }) => ({ name, text: `${key} stays as ${source.kind === 'hand' ? 'it was set by hand' : `label rule ${source.number}, which comes first, says`} on` })),
  );
  return [...Map.groupBy(losses, ({ text }) => text)].map(([text, of]) => `${text} ${cut(of.map(({ name }) => name))}.`);
}

/** Keys in which a later rule says something else, and loses. */
function describeDisagreeing(rule: LabelRule, hosts: readonly LabelHost[], labellings: ReadonlyMap<HostId, HostLabelling>): string[] {
  const wins = hosts.flatMap(({ id, name }) =>
    (labellings.get(id)?.entries ?? [])
      .filter(({ source }) => source.kind === 'rule' && source.rule === rule.id)
      .flatMap(({ key, disagrees }) => disagrees.map(({ number, value }) => ({ name, text: `Label rule ${number} says ${key}=${value} and does not win on` }))),
  );
  return [...Map.groupBy(wins, ({ text }) => text)].map(([text, of]) => `${text} ${cut(of.map(({ name }) => name))}.`);
}

/** An address that several hosts report says nothing about any of them. */
function describeShared(ctx: BackendContext, rule: LabelRule): string[] {
  if (rule.networks === null) return [];
  const ranges = toRangeSet(rule.networks.map(cidrRange));
  const isIn = (text: string) => {
    const address = parseAddress(text);
    return address.ok && containsAddress(ranges, address.value);
  };
  return listSharedAddresses(ctx)
    .filter(({ address }) => isIn(address))
    .slice(0, MAX_NAMED)
    .map(({ address, hosts }) => `${address} is reported by several hosts (${cut(hosts)}): look which of them it belongs to.`);
}

function describeTooLong(rule: LabelRule, hosts: readonly LabelHost[]): string[] {
  if (!Object.values(rule.labels).some((template) => listWords(template).length > 0)) return [];
  const matcher = createLabelMatcher(rule);
  const wanted = Object.keys(rule.labels).length;
  const short = hosts.filter((host) => matcher.match(host) !== null && Object.keys(matcher.labelsFor(host.name) ?? {}).length < wanted);
  return short.length === 0 ? [] : [`A value would be longer than 63 characters, and is left out, on ${cut(short.map(({ name }) => name))}.`];
}

const cut = (names: readonly string[]): string => names.slice(0, MAX_NAMED).join(', ') + (names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '');
