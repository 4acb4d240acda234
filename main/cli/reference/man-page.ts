import { type CommandEntry, everyCommand, type OptionEntry } from './command-entry.ts';
import { synopsis } from './markdown.ts';

/** For troff: its escape character, its hyphens (a bare one may become another sign), and lines that would be requests. Source: groff_char(7), man(7). */
const escaped = (text: string): string => text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^([.'])/gm, '\\&$1');

const optionLines = ({ flags, description, fallback, required }: OptionEntry): string[] => [
  '.TP',
  `.B ${escaped(flags)}`,
  escaped(`${description}${required ? ' (must be given)' : ''}${fallback === null ? '' : ` (default: ${fallback})`}`),
];

function commandLines(entry: CommandEntry): string[] {
  if (entry.commands.length > 0) return ['.SS ' + escaped(entry.path.join(' ')), escaped(`${entry.description}.`)];
  return [
    `.SS ${escaped(entry.path.join(' '))}`,
    `.B ${escaped(synopsis(entry))}`,
    '.PP',
    escaped(`${entry.description}.`),
    ...entry.arguments.filter(({ description }) => description !== '').flatMap(({ shown, description }) => ['.TP', `.I ${escaped(shown)}`, escaped(description)]),
    ...entry.options.flatMap(optionLines),
  ];
}

/** firebreak(1). `date` as YYYY-MM-DD. */
export function manPage(program: CommandEntry, { version, date }: { readonly version: string; readonly date: string }): string {
  return [
    `.TH FIREBREAK 1 ${date} "Firebreak ${version}" "User Commands"`,
    '.SH NAME',
    'firebreak \\- microsegmentation console for Linux hosts over SSH and nftables',
    '.SH SYNOPSIS',
    '.B firebreak',
    '.RI [ options ] " command " [ arguments ]',
    '.SH DESCRIPTION',
    escaped(program.description),
    '.PP',
    escaped('Human tables by default, one JSON document on stdout with --json; progress and questions are on stderr.'),
    '.SH OPTIONS',
    ...program.options.flatMap(optionLines),
    '.SH COMMANDS',
    ...everyCommand(program).slice(1).flatMap(commandLines),
    '.SH EXIT STATUS',
    ...([['0', 'done'], ['1', 'failed'], ['2', 'wrong words on the command line'], ['3', 'a gate or a check says no']] as const).flatMap(([status, meaning]) => ['.TP', `.B ${status}`, meaning]),
    '.SH ENVIRONMENT',
    ...(
      [
        ['FIREBREAK_WORKSPACE', 'the workspace, unless --workspace names one'],
        ['FIREBREAK_SSH_PASSWORD, FIREBREAK_SUDO_PASSWORD, FIREBREAK_KEY_PASSPHRASE', 'taken instead of asking'],
        ['FIREBREAK_CHROMIUM', 'the browser that prints PDFs'],
      ] as const
    ).flatMap(([name, meaning]) => ['.TP', `.B ${escaped(name)}`, escaped(meaning)]),
    '.SH FILES',
    '.TP',
    `.I ${escaped('~/.local/share/firebreak/default.firebreak')}`,
    'the workspace unless another one is named; one SQLite file, not encrypted',
    '.SH SEE ALSO',
    '.BR nft (8),',
    '.BR ssh (1)',
    '',
  ].join('\n');
}
