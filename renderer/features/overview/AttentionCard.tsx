import { CircleAlert, CircleCheck, Info, OctagonAlert } from 'lucide-react';
import type { AlertCounts } from '../../../shared/contract/alerts.ts';
import type { AttentionItem, AttentionLevel } from '../../../shared/contract/overview.ts';

const icons: Record<AttentionLevel, typeof Info> = { danger: OctagonAlert, warning: CircleAlert, note: Info };
const words: Record<AttentionLevel, string> = { danger: 'Wrong now:', warning: 'Look at this:', note: 'Waits:' };

/** What needs somebody, worst first; each row has the one place where it is dealt with. */
export function AttentionCard({ items, alerts }: { readonly items: readonly AttentionItem[]; readonly alerts: AlertCounts }) {
  return (
    <section className="card" aria-label="Needs attention">
      <div className="card-head">
        <h2 className="grow">Needs attention</h2>
        <a className="muted small number" href="#/alerts?state=all">{`alerts: ${alerts.open} open, ${alerts.acknowledged} acknowledged, ${alerts.muted} muted`}</a>
      </div>
      {items.length === 0 ? (
        <p className="card-body row">
          <CircleCheck size={16} color="var(--allowed)" aria-hidden />
          Nothing needs you. Hosts do what they were told, as far as they were heard.
        </p>
      ) : (
        <ul className="attention">
          {items.map((item) => (
            <AttentionRow key={item.code} item={item} />
          ))}
        </ul>
      )}
    </section>
  );
}

function AttentionRow({ item: { level, text, names, more, action } }: { readonly item: AttentionItem }) {
  const Icon = icons[level];
  const named = `${names.join(', ')}${more === 0 ? '' : ` and ${more.toLocaleString('en')} more`}`;
  return (
    <li className={`attention-row level-${level}`}>
      <Icon size={16} aria-hidden />
      <div className="grow">
        <p className="inert">
          <span className="visually-hidden">{words[level]} </span>
          {text}
        </p>
        {named === '' ? null : (
          <p className="muted small inert truncate" title={named}>
            {named}
          </p>
        )}
      </div>
      <a className="button small" href={`#${action.path}`} aria-label={`${action.text}: ${text}`}>
        {action.text}
      </a>
    </li>
  );
}
