import type { Use } from '../../../shared/policy/where-used.ts';

const SHOWN = 50;

/** Every place that names an object. */
export function UsesList({ uses }: { readonly uses: readonly Use[] }) {
  return (
    <section className="stack tight" aria-label="Where it is used">
      <h3>Where it is used</h3>
      {uses.length === 0 ? <p className="muted">Nothing uses it.</p> : null}
      <ul className="stack tight small inert">
        {uses.slice(0, SHOWN).map((use) => (
          <li key={use.label}>
            <span className="strong">{use.label}</span> ({use.as}) <span className="mono">{use.text}</span>
          </li>
        ))}
      </ul>
      {uses.length > SHOWN ? <p className="small muted">and {uses.length - SHOWN} more</p> : null}
    </section>
  );
}
