import { type EndLabels, type RuleEnd, toTerms } from './suggest-ends.ts';

/** Ends that name their hosts by app, role and env alone become one that lists them, as short as it can be written; every other end stays by itself. Means no other hosts than the ends did. */
export function uniteEnds(ends: readonly RuleEnd[]): RuleEnd[] {
  const alone = ends.filter(({ labels }) => !isPlain(labels));
  const listed = ends.filter(({ labels }) => isPlain(labels));
  const [first] = listed;
  if (!first || listed.length === 1) return [...listed, ...alone];
  const include = shorten(listed.flatMap(({ labels }) => (labels === null ? [] : [toTerms(labels)]))).map((terms) => ({ terms }));
  const members = [...new Set(listed.flatMap((end) => end.members))];
  return [{ key: `list:${JSON.stringify(include)}`, peer: { kind: 'selector', select: { include, exclude: [] } }, members, labels: null }, ...alone];
}

const isPlain = (labels: EndLabels | null): boolean => labels !== null && labels.more === undefined;

type Terms = { key: string; op: '='; values: string[] }[];

/** `app=shop,role=db + app=shop,role=web` is `app=shop,role=db|web`: selectors that differ in the values of one key become one. Sorted, so that the order of the ends does not matter. */
function shorten(selectors: readonly Terms[]): Terms[] {
  let short = [...selectors];
  for (const key of ['role', 'app', 'env']) {
    const groups = Map.groupBy(short, (terms) => JSON.stringify(terms.map((term) => (term.key === key ? [key] : [term.key, term.values]))));
    short = [...groups.values()].map((group) => joinOn(key, group));
  }
  return short.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function joinOn(key: string, group: readonly Terms[]): Terms {
  const values = [...new Set(group.flatMap((terms) => terms.flatMap((term) => (term.key === key ? term.values : []))))].sort();
  return (group[0] ?? []).map((term) => (term.key === key ? { ...term, values } : term));
}

/** Ends that differ in role alone, of one app and env, as one end; null where they do not. */
export function uniteRoles(ends: readonly RuleEnd[]): RuleEnd | null {
  const [first] = ends;
  const isAlike = ends.every(({ labels }) => isPlain(labels) && labels?.role !== undefined && labels.app === first?.labels?.app && labels.env === first?.labels?.env);
  if (!first || !isAlike || first.labels?.app === undefined) return null;
  return ends.length === 1 ? first : (uniteEnds(ends)[0] ?? null);
}

