/** What a workspace is like when its picture is taken; `stages.ts` makes each. */
export const STATES = ['seeded', 'sample', 'empty', 'loading', 'error', 'rows'] as const;
export type State = (typeof STATES)[number];

export const SIZES = ['1280x800', '1920x1080'] as const;
export type Size = (typeof SIZES)[number];

export const THEMES = ['light', 'dark', 'contrast', 'contrast-dark'] as const;
export type Theme = (typeof THEMES)[number];

/** One picture. Its file is named by these four. */
export type Shot = { readonly screen: string; readonly state: State; readonly size: Size; readonly theme: Theme };

/** What is known of a screen before it is opened. */
export type ShotScreen = {
  readonly name: string;
  readonly states: readonly State[] /** One that people look at for hours: taken in high contrast, too. */;
  readonly isMain: boolean;
};

/** Empty means all, and of high contrast only what `isMain` is taken in it. */
export type Choice = {
  readonly screens: readonly string[];
  readonly states: readonly State[];
  readonly sizes: readonly Size[];
  readonly themes: readonly Theme[];
};

export const shotFile = ({ screen, state, size, theme }: Shot): string => `${screen}-${state}-${size}-${theme}.png`;

const FILE = new RegExp(`^(?<screen>.+)-(?<state>${STATES.join('|')})-(?<size>${SIZES.join('|')})-(?<theme>${THEMES.toReversed().join('|')})\\.png$`);

/** What a file in the folder shows; undefined when it is none of ours. */
export function parseShotFile(file: string): Shot | undefined {
  const { screen, ...rest } = FILE.exec(file)?.groups ?? {};
  const [state, size, theme] = [STATES.find((s) => s === rest.state), SIZES.find((s) => s === rest.size), THEMES.find((t) => t === rest.theme)];
  return screen === undefined || state === undefined || size === undefined || theme === undefined ? undefined : { screen, state, size, theme };
}

export const sizePx = (size: Size): { width: number; height: number } => {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return { width, height };
};

export const isHighContrast = (theme: Theme): boolean => theme === 'contrast' || theme === 'contrast-dark';
export const colorScheme = (theme: Theme): 'light' | 'dark' => (theme === 'dark' || theme === 'contrast-dark' ? 'dark' : 'light');

const chosen = <T>(all: readonly T[], some: readonly T[]): readonly T[] => (some.length === 0 ? all : all.filter((one) => some.includes(one)));

/** The pictures to take, ordered by what costs most to change: state, screen, size, theme. A screen has only the states that mean something for it. */
export function planShots(screens: readonly ShotScreen[], choice: Choice): Shot[] {
  const isTaken = (screen: ShotScreen, state: State, size: Size, theme: Theme): boolean =>
    choice.themes.length > 0 || !isHighContrast(theme) || (screen.isMain && state === 'seeded' && size === '1280x800');
  return chosen(STATES, choice.states).flatMap((state) =>
    screens
      .filter(({ name, states }) => states.includes(state) && (choice.screens.length === 0 || choice.screens.includes(name)))
      .flatMap((screen) =>
        chosen(SIZES, choice.sizes).flatMap((size) =>
          chosen(THEMES, choice.themes).flatMap((theme) => (isTaken(screen, state, size, theme) ? [{ screen: screen.name, state, size, theme }] : [])),
        ),
      ),
  );
}
