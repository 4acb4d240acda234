import type { Command } from 'commander';
import { FirebreakError } from '../../../shared/errors.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { CliContext } from '../context.ts';

/** The `remove` of a group of named objects. */
export function addRemove(group: Command, what: string, remove: (name: string) => Promise<unknown>, context: CliContext): void {
  group
    .command('remove <name>')
    .description('remove it from the draft; refused while something uses it')
    .action(async (name: string) => {
      await remove(name);
      context.print({ removed: name }, `Removed ${what} ${name} from the draft.`);
    });
}

/** @throws NOT_FOUND with the names that there are */
export function getByName<T extends Policy['services' | 'ipLists'][number]>(what: string, items: readonly T[], name: string): T {
  const found = items.find((item) => item.name === name);
  if (found === undefined) throw new FirebreakError('NOT_FOUND', { what, name, known: items.map((item) => item.name) });
  return found;
}
