import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { Popover } from 'react-aria-components';
import type { Rule } from '../../../shared/model/policy.ts';
import { parsePeer } from '../../../shared/text/peer-text.ts';
import { errorSentence } from '../../api/error-sentence.ts';
import { MatchNote } from '../../editors/MatchNote.tsx';
import type { Words } from './completions.ts';
import { CompletionList } from './CompletionList.tsx';
import type { CellExit } from './grid-position.ts';
import { type RuleCell, typedTextOf } from './rule-cells.ts';
import { useCellSave } from './use-cell-save.ts';

type Props = { readonly cell: RuleCell; readonly rule: Rule; readonly words: Words; readonly onExit: (exit: CellExit) => void };

/**
 * One cell as a field: Enter and Tab keep what was typed, Escape puts back what was there. Whoever clicks elsewhere keeps it too; while it cannot be read the
 * editor stays, with what is wrong below it.
 */
export function CellEditor({ cell, rule, words, onExit }: Props) {
  const listId = useId();
  const noteId = useId();
  const field = useRef<HTMLInputElement>(null);
  const before = typedTextOf(rule, cell.field);
  const [typed, setTyped] = useState(before);
  const [picked, setPicked] = useState(-1);
  const save = useCellSave(rule, cell.field, onExit);
  const completions = cell.complete(typed, words);
  const type = (text: string) => {
    setTyped(text);
    setPicked(-1);
    save.forget();
  };
  const take = (text: string) => {
    type(text);
    if (!cell.isMono) save.commit(text, 'stay');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The grid and the window have keys of their own.
    event.stopPropagation();
    const chosen = completions[picked];
    if (event.key === 'Escape') onExit('stay');
    else if (event.key === 'Enter' && chosen !== undefined) take(chosen.text);
    else if (event.key === 'Enter') save.commit(typed, 'stay');
    else if (event.key === 'Tab') save.commit(chosen?.text ?? typed, event.shiftKey ? 'previous' : 'next');
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') setPicked((now) => Math.min(Math.max(now + (event.key === 'ArrowDown' ? 1 : -1), -1), completions.length - 1));
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        ref={field}
        className={`cell-editor ${cell.isMono ? 'mono' : ''}`}
        aria-label={`${cell.header} of rule ${rule.id}`}
        role="combobox"
        aria-expanded={completions.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-describedby={noteId}
        aria-invalid={save.error !== null}
        aria-busy={save.isBusy}
        {...(picked >= 0 ? { 'aria-activedescendant': `${listId}-${picked}` } : {})}
        value={typed}
        spellCheck={false}
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: the editor opens because somebody asked to type here
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => save.leave(typed)}
      />
      <Popover triggerRef={field} isOpen isNonModal placement="bottom start" offset={2} className="popover cell-popover" aria-label={`${cell.header}: completions`}>
        <CompletionList id={listId} label={`Completions of ${cell.header}`} completions={completions} picked={picked} onTake={(text) => take(text)} />
        <div id={noteId} className="cell-note">
          <EditorNote cell={cell} typed={typed} error={save.error} />
        </div>
      </Popover>
    </>
  );
}

function EditorNote({ cell, typed, error }: { readonly cell: RuleCell; readonly typed: string; readonly error: unknown }) {
  if (typeof error === 'string') return <span className="field-error">{error}</span>;
  if (error !== null) return <span className="field-error">{`${errorSentence(error).title}\n${errorSentence(error).hint}`}</span>;
  if (cell.field !== 'from' && cell.field !== 'to') return <>{cell.hint}</>;
  const peer = parsePeer(typed);
  return peer.ok ? <MatchNote peer={peer.value} /> : <>{cell.hint}</>;
}
