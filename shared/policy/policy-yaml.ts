import { Document, Scalar, visit } from 'yaml';
import type { RuleId } from '../model/ids.ts';
import type { Policy } from '../model/policy.ts';
import { type Parsed, parsed } from '../text/parsed.ts';
import type { PolicyComments } from './policy-comments.ts';
import { toPolicyFile } from './policy-file-text.ts';
import { printHeader } from './policy-header.ts';
import { readPolicyFile } from './read-policy-file.ts';
import { writeComments } from './write-comments.ts';

/**
 * One readable file: byte-stable, so that export, import and export again give the same bytes, comments included. Empty metadata is left out. `base`
 * names the state that was exported, for a later merge.
 */
export function exportPolicyYaml(policy: Policy, { comments = {}, base = null }: { readonly comments?: PolicyComments; readonly base?: string | null } = {}): string {
  const document = new Document(toPolicyFile(policy), { aliasDuplicateObjects: false });
  document.commentBefore = printHeader(base);
  writeComments(document, policy, comments);
  quoteDamaged(document);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false, commentString }).replaceAll(DAMAGED, String.raw`\ufffd`);
}

/** What a file in another encoding is full of, and so refused where it stands as it is; a note that somebody pasted may hold one all the same. */
const DAMAGED = '\ufffd';

/** Only between double quotes may it be written as an escape. */
function quoteDamaged(document: Document): void {
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && node.value.includes(DAMAGED)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
}

/** As yaml's own, but only a line feed ends a line. */
const commentString = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : line === ' ' ? '#' : `#${line}`))
    .join('\n');

/** The policy of a file, or every issue with line and column; see `readPolicyFile`. */
export function importPolicyYaml(text: string, newRuleId: () => RuleId): Parsed<Policy> {
  const file = readPolicyFile(text, newRuleId);
  return file.ok ? parsed(file.value.policy) : file;
}
