import { type CommandEntry, everyCommand, type ValueKind } from './command-entry.ts';
import { optionsAt, placeOf, quoted, valueCases, walkToPlace } from './shell-cases.ts';

/** Offers values: the ones there are, files, or nothing. */
function offer(value: ValueKind): string {
  if (value.kind === 'one-of') return `COMPREPLY=( $(compgen -W ${quoted(value.values.join(' '))} -- "$current") )`;
  return value.kind === 'file' ? 'COMPREPLY=( $(compgen -f -- "$current") )' : ':';
}

/** A script for bash 4 or newer, without the package bash-completion. */
export function bashCompletion(program: CommandEntry): string {
  const commands = everyCommand(program).map((entry) => {
    const words = [...entry.commands.map(({ path }) => path.at(-1) ?? ''), ...(entry.arguments[0]?.value.kind === 'one-of' ? entry.arguments[0].value.values : [])];
    const options = optionsAt(entry, program).flatMap(({ names }) => names);
    return `    ${quoted(placeOf(entry))}) words=${quoted(words.join(' '))} options=${quoted([...options, '--help'].join(' '))} files=${entry.arguments.some(({ value }) => value.kind === 'file') ? 'yes' : 'no'} ;;`;
  });
  return [
    '# bash completion for firebreak; made by “firebreak completion bash”',
    '_firebreak() {',
    '  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words options files',
    walkToPlace(program, { array: 'COMP_WORDS', from: 1, to: 'COMP_CWORD' }),
    '  COMPREPLY=()',
    '  case "$place $previous" in',
    ...valueCases(program, ({ value }) => offer(value)),
    '  esac',
    '  case "$place" in',
    ...commands,
    '  esac',
    '  case "$current" in',
    '    -*) COMPREPLY=( $(compgen -W "$options" -- "$current") ) ;;',
    '    *)',
    '      COMPREPLY=( $(compgen -W "$words" -- "$current") )',
    '      if [ "$files" = yes ]; then COMPREPLY+=( $(compgen -f -- "$current") ); fi',
    '      ;;',
    '  esac',
    '}',
    'complete -o filenames -o bashdefault -F _firebreak firebreak',
    '',
  ].join('\n');
}
