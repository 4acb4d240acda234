import { CircleCheck, Info, OctagonX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { CommandText } from './CommandText.tsx';

const icons = { plain: Info, good: CircleCheck, warning: TriangleAlert, error: OctagonX };

type NoteProps = { readonly kind: keyof typeof icons; readonly title?: string; readonly children?: ReactNode };

export function Note({ kind, title, children }: NoteProps) {
  const Icon = icons[kind];
  return (
    <div className={`note ${kind}`}>
      <Icon size={16} aria-hidden />
      <div className="grow">
        {title === undefined ? null : (
          <p className="note-title">
            <CommandText text={title} />
          </p>
        )}
        {children}
      </div>
    </div>
  );
}
