import type { TemplateOutcome } from '../../../shared/contract/templates.ts';
import type { TemplateItem } from '../../../shared/policy/template-merge.ts';

const stateWords: Record<TemplateItem['state'], string> = { new: 'new', there: 'there already', differs: 'the draft’s own stays', 'left-out': 'left out' };
const groups = [
  { what: 'rule', title: 'Rules' },
  { what: 'zone', title: 'Zones' },
  { what: 'service', title: 'Services' },
  { what: 'test', title: 'Policy tests' },
] as const;

/** What the template would add to the draft, and what of it is there already or left out. */
export function TemplatePreview({ outcome }: { readonly outcome: TemplateOutcome }) {
  return (
    <>
      {groups.map(({ what, title }) => {
        const items = outcome.items.filter((item) => item.what === what);
        return items.length === 0 ? null : (
          <section key={what} className="stack tight" aria-label={title}>
            <h3>
              {title} <span className="muted small">{items.filter((item) => item.state === 'new').length} new</span>
            </h3>
            <ul className="stack tight small inert">
              {items.map((item) => (
                <li key={item.text}>
                  <span className="mono">{item.text}</span> <span className={item.state === 'new' ? 'strong' : 'muted'}>{stateWords[item.state]}</span>
                  {item.note === '' ? null : <p className="muted">{item.note}</p>}
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}
