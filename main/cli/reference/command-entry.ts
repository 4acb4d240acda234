import type { Argument, Command, Option } from 'commander';

export type ValueKind = { readonly kind: 'none' } | { readonly kind: 'file' } | { readonly kind: 'one-of'; readonly values: readonly string[] } | { readonly kind: 'text' };

export type OptionEntry = {
  /** As help shows it: `--note <text>`. */
  readonly flags: string;
  /** `--note`, and `-n` where there is one. */
  readonly names: readonly string[];
  readonly description: string;
  readonly value: ValueKind;
  readonly required: boolean;
  /** What holds without it; null where that is nothing. */
  readonly fallback: string | null;
};

export type ArgumentEntry = { readonly shown: string; readonly description: string; readonly value: ValueKind };

/** One command as data: help, completions, the manual page and docs/cli.md are all printed from it. */
export type CommandEntry = {
  /** Words from the program on: `['host', 'add']`; empty for the program itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly arguments: readonly ArgumentEntry[];
  readonly options: readonly OptionEntry[];
  readonly commands: readonly CommandEntry[];
};

/** Reads commander's own table, hidden commands left out; in the order of help. */
export function describeCommand(command: Command, path: readonly string[] = []): CommandEntry {
  const help = command.createHelp();
  return {
    path,
    description: command.description(),
    arguments: command.registeredArguments.map(describeArgument),
    options: command.options.filter(({ hidden }) => !hidden).map(describeOption),
    commands: help
      .visibleCommands(command)
      .filter((sub) => sub.name() !== 'help')
      .map((sub) => describeCommand(sub, [...path, sub.name()])),
  };
}

/** The commands that do something by themselves, with those below them. Flat, in the order of help. */
export function everyCommand(entry: CommandEntry): readonly CommandEntry[] {
  return [entry, ...entry.commands.flatMap(everyCommand)];
}

function describeOption(option: Option): OptionEntry {
  const value: unknown = option.defaultValue;
  const fallback = option.defaultValueDescription ?? (typeof value === 'string' && value !== '' ? value : null);
  return {
    flags: option.flags,
    names: [option.long, option.short].filter((name) => name !== undefined && name !== null),
    description: option.description,
    value: option.required || option.optional ? kindOf(/[<[](.+?)(?:\.\.\.)?[>\]]/.exec(option.flags)?.[1] ?? '', option.argChoices) : { kind: 'none' },
    required: option.mandatory,
    fallback: typeof fallback === 'string' ? fallback : null,
  };
}

function describeArgument(argument: Argument): ArgumentEntry {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return { shown: argument.required ? `<${name}>` : `[${name}]`, description: argument.description, value: kindOf(argument.name(), argument.argChoices) };
}

/** `<keep|cut>` names its values itself; what is called a file or a folder is one. */
function kindOf(name: string, choices: readonly string[] | undefined): ValueKind {
  if (choices !== undefined) return { kind: 'one-of', values: choices };
  if (/^[a-z0-9-]+(?:\|[a-z0-9-]+)+$/.test(name)) return { kind: 'one-of', values: name.split('|') };
  return /^(?:files?|folder|dir|directory|paths?|keyfile|backup|stick)$/.test(name) ? { kind: 'file' } : { kind: 'text' };
}
