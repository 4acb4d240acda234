import type { AlertSettings } from '../../shared/model/alert.ts';
import { TextInput } from '../ui/TextInput.tsx';
import { textOfThreshold, type ThresholdName, THRESHOLDS, type TypedThresholds } from './thresholds.ts';

type Props = { readonly stored: AlertSettings; readonly typed: TypedThresholds; readonly errors: TypedThresholds; readonly onType: (name: ThresholdName, text: string) => void };

/** From when on something counts as an alert: a field for each threshold, with what to write where one cannot be read. */
export function ThresholdFields({ stored, typed, errors, onType }: Props) {
  return (
    <div className="two-columns">
      {THRESHOLDS.map(({ name, label, note }) => (
        <TextInput key={name} label={label} value={textOfThreshold(name, typed, stored)} onChange={(text) => onType(name, text)} error={errors[name] ?? null} {...(note === undefined ? {} : { note })} />
      ))}
    </div>
  );
}
