import { OctagonX } from 'lucide-react';
import { errorSentence } from '../api/error-sentence.ts';
import { CommandText } from './CommandText.tsx';

/** What a call failed with, as a sentence and what to do next. Announced to screen readers. */
export function ErrorNote({ error }: { readonly error: unknown }) {
  const { title, hint } = errorSentence(error);
  return (
    <div className="note error" role="alert">
      <OctagonX size={16} aria-hidden />
      <div>
        <p className="note-title">
          <CommandText text={title} />
        </p>
        <p className="note-hint">
          <CommandText text={hint} />
        </p>
      </div>
    </div>
  );
}
