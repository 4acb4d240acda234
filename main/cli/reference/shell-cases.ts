import { type CommandEntry, everyCommand, type OptionEntry } from './command-entry.ts';

/** `/host/add`: what the scripts call a place in the tree of commands; the program itself is the empty text. */
export const placeOf = ({ path }: CommandEntry): string => path.map((word) => `/${word}`).join('');

/** For sh, bash and zsh alike. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A pattern for `case`; one that nothing matches when there are none. Words that mean something to a shell are in quotes. */
const anyOf = (words: readonly string[]): string => (words.length === 0 ? "''" : [...new Set(words)].join('|'));

/** The program's own options hold after every command, too. */
export function optionsAt(entry: CommandEntry, program: CommandEntry): readonly OptionEntry[] {
  return entry === program ? entry.options : [...entry.options, ...program.options];
}

/**
 * A loop for bash and zsh over the words before the cursor: leaves in `place` which command they name, passing over options and their values.
 * `at` is how the shell counts its words from the program on.
 */
export function walkToPlace(program: CommandEntry, words: { readonly array: string; readonly from: number; readonly to: string }): string {
  const entries = everyCommand(program);
  const valued = entries.flatMap((entry) => optionsAt(entry, program).flatMap(({ names, value }) => (value.kind === 'none' ? [] : names.map((name) => quoted(`${placeOf(entry)} ${name}`)))));
  const places = entries.filter(({ path }) => path.length > 0).map((entry) => quoted(placeOf(entry)));
  return [
    `  local place='' word i=${words.from}`,
    `  while (( i < ${words.to} )); do`,
    `    word=\${${words.array}[i]}`,
    '    case "$word" in',
    `      -*) case "$place $word" in ${anyOf(valued)}) (( ++i )) ;; esac ;;`,
    `      *) case "$place/$word" in ${anyOf(places)}) place=$place/$word ;; esac ;;`,
    '    esac',
    '    (( ++i ))',
    '  done',
  ].join('\n');
}

/** `place option)` → what the value may be, one line of `case` for each option that has a value. `print` gives the shell's way to offer it. */
export function valueCases(program: CommandEntry, print: (option: OptionEntry) => string): string[] {
  return everyCommand(program).flatMap((entry) =>
    optionsAt(entry, program)
      .filter(({ value }) => value.kind !== 'none')
      .map((option) => `    ${option.names.map((name) => quoted(`${placeOf(entry)} ${name}`)).join('|')}) ${print(option)}; return ;;`),
  );
}
