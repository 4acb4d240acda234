import type { Plan } from '../../../shared/model/diff.ts';
import { changedHosts } from '../../../shared/policy/changed-hosts.ts';
import { planWaves } from '../../../shared/policy/plan-waves.ts';
import { formatPlannedWaves, parseWaves } from '../../../shared/text/waves-text.ts';
import { TextInput } from '../../ui/TextInput.tsx';
import { orderZones } from './push-options.ts';

type Props = { readonly plan: Plan; readonly text: string; readonly zoneOrder: readonly string[] | null; readonly onChange: (text: string) => void };

/** In which portions the hosts go, and who that is. Absent where only one host changes. */
export function WavesField({ plan, text, zoneOrder, onChange }: Props) {
  const hosts = changedHosts(plan);
  if (hosts.length < 2) return null;
  const parsed = parseWaves(text);
  const planned = parsed.ok ? planWaves(hosts, parsed.value, [], orderZones(plan, zoneOrder) ?? []) : [];
  return (
    <TextInput
      label="Waves"
      value={text}
      onChange={onChange}
      error={parsed.ok ? null : (parsed.issues[0]?.message ?? null)}
      note={planned.length > 1 ? formatPlannedWaves(planned) : `All ${hosts.length} hosts at once. With waves (1, 10%) a mistake meets one host first.`}
    />
  );
}
