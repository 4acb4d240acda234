import { Link } from '@tanstack/react-router';

const RULE_ID = /\b(r_[0-9a-z]{12})\b/;

/** A sentence whose rules can be gone to: each id in it is a link to the rule. */
export function RuleLinks({ text }: { readonly text: string }) {
  return text.split(RULE_ID).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <Link key={index} to="/rules" search={{ find: part }} className="mono">
        {part}
      </Link>
    ) : (
      part
    ),
  );
}
