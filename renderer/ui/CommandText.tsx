/** Longer ones must break somewhere. */
const MAX_WORD_CHARS = 32;

/** A sentence that may hold commands: lines break between words and never within one, so that `--file` is not torn after its hyphens. */
export function CommandText({ text }: { readonly text: string }) {
  return text.split(/(\S*-\S*)/).map((part, index) =>
    index % 2 === 1 && part.length <= MAX_WORD_CHARS ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <span key={index} className="one-word">
        {part}
      </span>
    ) : (
      part
    ),
  );
}
