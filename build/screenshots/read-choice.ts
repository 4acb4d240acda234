import { parseArgs } from 'node:util';
import { FirebreakError } from '../../shared/errors.ts';
import { type Choice, SIZES, STATES, THEMES } from './shots.ts';

export type Order = { readonly choice: Choice /** The pictures of README.md alone, to where it shows them. */; readonly isReadme: boolean };

const many = { type: 'string', multiple: true, default: [] as string[] } as const;

/** `--screen map,hosts --state empty --size 1920x1080 --theme dark`, each once or more; `--readme`. @throws NOT_FOUND with the names that there are; TypeError for another option */
export function readOrder(argv: readonly string[], screens: readonly string[]): Order {
  const { values } = parseArgs({
    args: [...argv],
    options: { screen: many, state: many, size: many, theme: many, readme: { type: 'boolean', default: false } },
  });
  const choice = {
    screens: pick('screen', values.screen, screens),
    states: pick('state', values.state, STATES),
    sizes: pick('size', values.size, SIZES),
    themes: pick('theme', values.theme, THEMES),
  };
  return { choice, isReadme: values.readme };
}

function pick<T extends string>(what: string, given: readonly string[], known: readonly T[]): readonly T[] {
  return given
    .flatMap((text) => text.split(','))
    .map((name) => {
      const found = known.find((one) => one === name);
      if (found === undefined) throw new FirebreakError('NOT_FOUND', { what, name, known: [...known] });
      return found;
    });
}
