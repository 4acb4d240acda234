import { CommandText } from './CommandText.tsx';
import { Note } from './Note.tsx';

/** What a plan warns of, in one note; nothing for none. */
export function Warnings({ texts }: { readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <Note kind="warning">
      <ul className="stack tight">
        {texts.map((text) => (
          <li key={text}>
            <CommandText text={text} />
          </li>
        ))}
      </ul>
    </Note>
  );
}
