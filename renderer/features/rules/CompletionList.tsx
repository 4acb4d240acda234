import type { Completion } from './completions.ts';

type Props = { readonly id: string; readonly label: string; readonly completions: readonly Completion[]; readonly picked: number; readonly onTake: (text: string) => void };

/** What the text can be completed to. The focus stays in the field: it names the picked one by `aria-activedescendant`. */
export function CompletionList({ id, label, completions, picked, onTake }: Props) {
  return (
    <div id={id} role="listbox" aria-label={label} className="completions">
      {completions.map((completion, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
        <div
          key={completion.shown}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === picked}
          className={`menu-item ${index === picked ? 'picked' : ''}`}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(completion.text)}
        >
          <span className="mono truncate grow">{completion.shown}</span>
          <span className="small muted">{completion.note}</span>
        </div>
      ))}
    </div>
  );
}
