import { type CommandEntry, everyCommand, type OptionEntry } from './command-entry.ts';

/** At the head of the page. */
export const REFERENCE_NOTE = 'Made from the code by npm run reference; do not edit.';

/** A bar would end the cell, and a tag would be one. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

const table = (head: string, rows: readonly (readonly [string, string])[]): string[] =>
  rows.length === 0 ? [] : ['', `| ${head} | |`, '|---|---|', ...rows.map(([left, right]) => `| ${left} | ${right} |`)];

const optionRow = ({ flags, description, fallback, required }: OptionEntry): readonly [string, string] => [
  code(flags),
  cell(`${description}${required ? ' (must be given)' : ''}${fallback === null ? '' : ` (default: ${fallback})`}`),
];

export const synopsis = ({ path, arguments: given, options, commands }: CommandEntry): string =>
  ['firebreak', ...path, ...(commands.length > 0 ? ['COMMAND'] : []), ...given.map(({ shown }) => shown), ...(options.length > 0 ? ['[options]'] : [])].join(' ');

function section(entry: CommandEntry): string[] {
  return [
    '',
    `${entry.path.length === 1 ? '##' : '###'} ${entry.path.join(' ')}`,
    '',
    cell(`${entry.description}.`),
    ...(entry.commands.length > 0 ? [] : ['', '```', synopsis(entry), '```']),
    ...table('argument', entry.arguments.filter(({ description }) => description !== '').map(({ shown, description }) => [code(shown), cell(description)])),
    ...table('option', entry.options.map(optionRow)),
  ];
}

/** The whole reference as one page of Markdown. `note`: how it is made anew. */
export function referencePage(program: CommandEntry, note: string): string {
  return [
    '# The command line',
    '',
    `<!-- ${note} -->`,
    '',
    cell(program.description),
    '',
    'Tables for people by default; with `--json` one JSON document on stdout. Progress and questions are on stderr. Environment: `FIREBREAK_WORKSPACE` (the workspace unless `--workspace` names one), `FIREBREAK_SSH_PASSWORD` and',
    '`FIREBREAK_SUDO_PASSWORD`, `FIREBREAK_KEY_PASSPHRASE` (instead of being asked), `FIREBREAK_CHROMIUM` (the browser that prints PDFs). `firebreak COMMAND --help` says what is below, too.',
    ...table('for all commands', program.options.map(optionRow)),
    ...everyCommand(program).slice(1).flatMap(section),
    '',
  ].join('\n');
}
