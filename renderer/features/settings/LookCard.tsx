import { useLook } from '../../ui/look.ts';
import { Segments } from '../../ui/Segments.tsx';
import { useTheme } from '../../ui/theme.ts';
import { exactTime, useNowMs } from '../../ui/TimeAgo.tsx';
import { Setting } from './Setting.tsx';

const themes = [
  { value: 'system', text: 'As the system' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
] as const;
const contrasts = [
  { value: 'normal', text: 'Normal' },
  { value: 'high', text: 'High' },
] as const;
const densities = [
  { value: 'compact', text: 'Compact' },
  { value: 'normal', text: 'Normal' },
  { value: 'roomy', text: 'Roomy' },
] as const;
const zones = [
  { value: 'local', text: 'Local' },
  { value: 'utc', text: 'UTC' },
] as const;

/** How this window looks, whatever workspace is open. Electron keeps it with the user's data; a Chromium window's profile goes with the window (`launchAppWindow`). */
export function LookCard() {
  const { theme, choose: chooseTheme } = useTheme();
  const { contrast, density, times, choose } = useLook();
  const nowMs = useNowMs();
  return (
    <section className="card" aria-label="This window">
      <div className="card-head">
        <h2 className="grow">This window</h2>
        <span className="muted small">counts at once; kept for you on this machine</span>
      </div>
      <Setting name="Theme" note="Colours keep their meaning in both.">
        <Segments label="Theme" value={theme} options={themes} onChange={chooseTheme} />
      </Setting>
      <Setting name="Contrast" note="High: black on white or white on black, stronger lines and a thicker focus ring.">
        <Segments label="Contrast" value={contrast} options={contrasts} onChange={(value) => choose('contrast', value)} />
      </Setting>
      <Setting name="Density" note="How high the rows of tables are.">
        <Segments label="Density" value={density} options={densities} onChange={(value) => choose('density', value)} />
      </Setting>
      <Setting name="Times" note={`Now: ${exactTime(nowMs)}. The other zone is in the tooltip of each time. Files and the command line always say UTC.`}>
        <Segments label="Times" value={times} options={zones} onChange={(value) => choose('times', value)} />
      </Setting>
    </section>
  );
}
