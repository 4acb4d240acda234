import { useState } from 'react';
import type { SuggestWidth } from '../../../shared/policy/suggest-options.ts';
import { issueText } from '../../editors/typed-text.ts';
import { Check } from '../../ui/Check.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { readSetAside, type SuggestChoices } from './suggest-choices.ts';

const WIDTHS: readonly { readonly value: SuggestWidth; readonly text: string }[] = [
  { value: 'role', text: 'At most a role: tightest' },
  { value: 'app', text: 'At most an app: fewer rules' },
  { value: 'zone', text: 'At most a zone: fewest rules' },
];

type Props = { readonly choices: SuggestChoices; readonly zones: readonly string[]; readonly onChange: (choices: SuggestChoices) => void };

/** How broad suggested rules may be, and whose traffic is no reason for one. */
export function SuggestControls({ choices, zones, onChange }: Props) {
  const set = (some: Partial<SuggestChoices>) => onChange({ ...choices, ...some });
  return (
    <div className="stack tight">
      <Choice
        label="Zone"
        value={choices.zone}
        options={[{ value: '', text: 'All zones' }, ...zones.map((name) => ({ value: name, text: name }))]}
        onChange={(zone) => set({ zone })}
      />
      <Choice label="Width of an end" value={choices.maxWidth} options={WIDTHS} onChange={(maxWidth) => set({ maxWidth })} />
      <details className="small">
        <summary>Whole roles, scans and what is set aside</summary>
        <div className="stack tight">
          {choices.maxWidth === 'role' ? (
            <Check isSelected={choices.wholeRoles} onChange={(wholeRoles) => set({ wholeRoles })}>
              Keep roles whole where only some of their hosts were seen
            </Check>
          ) : null}
          <Check isSelected={choices.keepScanners} onChange={(keepScanners) => set({ keepScanners })}>
            Take what looks like a port scan as any other traffic
          </Check>
          <SetAsideField value={choices.setAside} onChange={(setAside) => set({ setAside })} />
        </div>
      </details>
    </div>
  );
}

/** Asks only when the field is left: each answer reads all flows. */
function SetAsideField({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const error = issueText(readSetAside(typed));
  return (
    <TextInput
      label="Set aside what comes from"
      value={typed}
      onChange={setTyped}
      onBlur={() => error === null && onChange(typed)}
      error={error}
      note="role=scanner, host:NAME or 10.0.0.66; counts when you leave the field"
      mono
    />
  );
}
