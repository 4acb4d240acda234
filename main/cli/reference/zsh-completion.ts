import { type CommandEntry, everyCommand, type ValueKind } from './command-entry.ts';
import { optionsAt, placeOf, quoted, valueCases, walkToPlace } from './shell-cases.ts';

/** `name:description`, as _describe reads it. */
const described = (name: string, description: string): string => quoted(`${name.replaceAll(':', '\\:')}:${description.replaceAll('\\', '\\\\').replaceAll(':', '\\:')}`);

function offer(value: ValueKind): string {
  if (value.kind === 'one-of') return `compadd -- ${value.values.map(quoted).join(' ')}`;
  return value.kind === 'file' ? '_files' : '_message value';
}

/** A file for a folder of zsh's `fpath`, named _firebreak. */
export function zshCompletion(program: CommandEntry): string {
  const commands = everyCommand(program).flatMap((entry) => [
    `    ${quoted(placeOf(entry))})`,
    `      commands=(${entry.commands.map(({ path, description }) => described(path.at(-1) ?? '', description)).join(' ')})`,
    `      options=(${[...optionsAt(entry, program).flatMap(({ names, description }) => names.map((name) => described(name, description))), described('--help', 'display help')].join(' ')})`,
    ...entry.arguments.slice(0, 1).flatMap(({ value }) => (value.kind === 'text' ? [] : [`      [[ $PREFIX == -* ]] || ${offer(value)}`])),
    '      ;;',
  ]);
  return [
    '#compdef firebreak',
    '# made by “firebreak completion zsh”',
    '_firebreak() {',
    '  local -a commands options',
    walkToPlace(program, { array: 'words', from: 2, to: 'CURRENT' }),
    '  case "$place ${words[CURRENT-1]}" in',
    ...valueCases(program, ({ value }) => offer(value)),
    '  esac',
    '  case "$place" in',
    ...commands,
    '  esac',
    '  if [[ $PREFIX == -* ]]; then _describe -o option options; else _describe command commands; fi',
    '}',
    'if [ "$funcstack[1]" = _firebreak ]; then _firebreak "$@"; else compdef _firebreak firebreak; fi',
    '',
  ].join('\n');
}
