import { type CommandEntry, everyCommand, type OptionEntry } from './command-entry.ts';
import { optionsAt, placeOf } from './shell-cases.ts';

/** In fish's single quotes only the quote and the backslash are special. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** A script for fish; what it offers is told by the words before the cursor. */
export function fishCompletion(program: CommandEntry): string {
  const entries = everyCommand(program);
  const valued = entries.flatMap((entry) => optionsAt(entry, program).flatMap(({ names, value }) => (value.kind === 'none' ? [] : names.map((name) => quoted(`${placeOf(entry)} ${name}`)))));
  const places = entries.filter(({ path }) => path.length > 0).map((entry) => quoted(placeOf(entry)));
  return [
    '# fish completion for firebreak; made by “firebreak completion fish”',
    'function __firebreak_at',
    '  set -l place ""',
    '  set -l passed no',
    '  for word in (commandline -opc)[2..-1]',
    '    if test $passed = yes',
    '      set passed no',
    '    else if string match -q -- "-*" $word',
    `      contains -- "$place $word" ${[...new Set(valued)].join(' ')}; and set passed yes`,
    `    else if contains -- "$place/$word" ${places.join(' ')}`,
    '      set place "$place/$word"',
    '    end',
    '  end',
    '  test "$place" = "$argv[1]"',
    'end',
    'complete -c firebreak -f',
    ...program.options.map((option) => `complete -c firebreak${optionWords(option)}`),
    ...entries.flatMap(linesOf),
    '',
  ].join('\n');
}

function linesOf(entry: CommandEntry): string[] {
  const here = `complete -c firebreak -n ${quoted(`__firebreak_at ${quoted(placeOf(entry))}`)}`;
  const [first] = entry.arguments;
  return [
    ...entry.commands.map(({ path, description }) => `${here} -a ${quoted(path.at(-1) ?? '')} -d ${quoted(description)}`),
    ...(entry.path.length === 0 ? [] : entry.options.map((option) => `${here}${optionWords(option)}`)),
    ...(first?.value.kind === 'file' ? [`${here} -F`] : []),
    ...(first?.value.kind === 'one-of' ? [`${here} -a ${quoted(first.value.values.join(' '))}`] : []),
  ];
}

function optionWords({ names, description, value }: OptionEntry): string {
  const flags = names.map((name) => (name.startsWith('--') ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`)).join('');
  const kinds = { none: '', text: ' -x', file: ' -r -F', 'one-of': value.kind === 'one-of' ? ` -x -a ${quoted(value.values.join(' '))}` : '' };
  return `${flags}${kinds[value.kind]} -d ${quoted(description)}`;
}
