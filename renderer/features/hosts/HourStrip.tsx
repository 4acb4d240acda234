import type { QualityHour } from '../../../shared/contract/host-evidence.ts';

export const HOUR_STATES: Record<QualityHour['state'], { readonly text: string; readonly glyph: string }> = {
  complete: { text: 'complete', glyph: '' },
  late: { text: 'counted with the next snapshot', glyph: '' },
  lost: { text: 'some lost', glyph: '!' },
  gap: { text: 'gap', glyph: '×' },
  waiting: { text: 'not fetched yet', glyph: '' },
  before: { text: 'before the first snapshot', glyph: '' },
};
const SHOWN_IN_LEGEND = ['complete', 'late', 'lost', 'gap', 'waiting'] as const;

/** `2026-11-20 07:00` in UTC, as everything about hours is. */
export const hourText = (startMs: number): string => new Date(startMs).toISOString().slice(0, 16).replace('T', ' ');
const dayText = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: '2-digit', month: 'short', timeZone: 'UTC' });

type Day = { readonly key: string; readonly label: string; readonly hours: readonly (QualityHour | null)[] };

/** 24 places a day, null where the period has no such hour. Pure. */
function toDays(hours: readonly QualityHour[]): readonly Day[] {
  const days = new Map<string, QualityHour[]>();
  for (const hour of hours) {
    const key = hourText(hour.startMs).slice(0, 10);
    days.set(key, [...(days.get(key) ?? []), hour]);
  }
  return [...days].map(([key, ofDay]) => ({
    key,
    label: dayText.format(ofDay[0]?.startMs ?? 0),
    hours: Array.from({ length: 24 }, (_, n) => ofDay.find((hour) => new Date(hour.startMs).getUTCHours() === n) ?? null),
  }));
}

function Cell({ hour }: { readonly hour: QualityHour | null }) {
  if (hour === null) return <span className="hour none" />;
  const { text, glyph } = HOUR_STATES[hour.state];
  return (
    <span className={`hour ${hour.state}`} title={`${hourText(hour.startMs)} UTC: ${text}`}>
      {glyph}
    </span>
  );
}

/** A row a day, a place an hour. `summary` is what it says in words; the hours that are worth a line are in the table beside it. */
export function HourStrip({ hours, summary }: { readonly hours: readonly QualityHour[]; readonly summary: string }) {
  return (
    <div className="hour-strip-frame">
      <div className="hour-strip" role="img" aria-label={summary}>
        <span className="muted small">UTC</span>
        {['00', '06', '12', '18'].map((text) => (
          <span key={text} className="axis muted small">
            {text}
          </span>
        ))}
        {toDays(hours).map((day) => (
          <div key={day.key} className="day">
            <span className="muted small">{day.label}</span>
            {day.hours.map((hour, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the hours of a day never change place
              <Cell key={n} hour={hour} />
            ))}
          </div>
        ))}
      </div>
      <ul className="hour-legend muted small">
        {SHOWN_IN_LEGEND.map((state) => (
          <li key={state}>
            <span className={`hour ${state}`} aria-hidden>
              {HOUR_STATES[state].glyph}
            </span>
            {HOUR_STATES[state].text}
          </li>
        ))}
      </ul>
    </div>
  );
}
