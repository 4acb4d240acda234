import { type Document, isCollection, isNode, isScalar, isSeq, type Node, visit } from 'yaml';
import type { Policy } from '../model/policy.ts';
import { type Comment, listPlaces, type Place, type PolicyComments, WHOLE_FILE } from './policy-comments.ts';

/**
 * Puts the comments into a document that was made of the policy (its `commentBefore` is the header); those of objects that are no longer there are left out.
 * Lists of short texts are written on one line, unless there is something to say about one of them.
 */
export function writeComments(document: Document<Node>, policy: Policy, comments: PolicyComments): void {
  const above = new Map<string, string[]>();
  const places = [...listPlaces(document.contents, policy)];
  for (const place of places) {
    const comment = comments[place.address];
    if (comment === undefined) continue;
    const { after, end } = place.value === null ? {} : put(place.value, comment);
    const lines = [...(comment.before ?? []), ...(after ?? []), ...(end ?? [])];
    above.set(place.beforeAddress, [...(above.get(place.beforeAddress) ?? []), ...lines]);
  }
  for (const place of places) writeAbove(place, above.get(place.address) ?? [], comments[place.address]);
  setFlow(document);
  const whole = comments[WHOLE_FILE] ?? {};
  const head = [...(above.get(WHOLE_FILE) ?? []), ...(whole.before ?? [])].join('\n');
  document.commentBefore = [document.commentBefore ?? '', head].filter((part) => part !== '').join('\n\n');
  document.comment = whole.end?.join('\n') ?? null;
}

/** Writes what fits behind a value and at its end, and gives back what does not, to be written above. */
function put(value: Node, { after, end }: Comment): { after?: string[]; end?: string[] } {
  const rest: { after?: string[]; end?: string[] } = {};
  const isOneLine = isScalar(value) ? !(typeof value.value === 'string' && value.value.includes('\n')) : isSeq(value) && isShort(value.items);
  const endsHere = end !== undefined && isCollection(value) && value.items.length > 0;
  if (after !== undefined && isOneLine && !endsHere) value.comment = after;
  else if (after !== undefined) rest.after = [after];
  if (endsHere) value.comment = end.join('\n');
  else if (end !== undefined) rest.end = end;
  if (endsHere) value.flow = false;
  return rest;
}

function writeAbove({ node, kind, isFirst, address, beforeAddress }: Place, lines: readonly string[], comment: Comment | undefined): void {
  if (address !== beforeAddress) return;
  if (lines.length > 0) node.commentBefore = lines.join('\n');
  if (comment?.space && !isFirst && kind !== 'entry') node.spaceBefore = true;
}

const isShort = (items: readonly unknown[]): boolean => items.every((item) => isScalar(item));

function setFlow(document: Document<Node>): void {
  visit(document, {
    Seq: (_key, node) => {
      const isAnnotated = node.items.some((item) => isNode(item) && (item.commentBefore || item.comment));
      node.flow = node.flow !== false && isShort(node.items) && !isAnnotated;
    },
  });
}
