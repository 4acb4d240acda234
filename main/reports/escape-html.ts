/** Text that is HTML already: made by `html` only, so that nothing gets into a page unescaped. */
export type Html = { readonly html: string };

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

// Control characters, and marks that turn the direction of writing or join lines: a name could show as another one with them.
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** Text from a host or a person as inert HTML, whole: nothing is left out, what cannot be seen is shown as its code point. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character] ?? '')
    .replace(invisible, (character) =>
      `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`.replace(/[<>]/g, (c) => entities[c] ?? ''),
    );
}

type Value = string | number | Html | readonly Html[];

function printValue(value: Value): string {
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return 'html' in value ? value.html : value.map((part) => part.html).join('');
}

/** Template tag: every value is escaped, unless this tag made it. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: strings.map((text, i) => text + (i < values.length ? printValue(values[i] ?? '') : '')).join('') };
}
