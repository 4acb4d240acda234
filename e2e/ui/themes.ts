const THEMES = ['light', 'dark'] as const;

/**
 * Looks in which a story is told. `npm test` tells each in one, by `turn` (accessibility.spec.ts looks at every screen in both); `npm run test:ui` tells each in both.
 */
export const themesInTurn = (turn: number): readonly (typeof THEMES)[number][] => (process.env['FIREBREAK_UI_FULL'] === '1' ? THEMES : THEMES.filter((_, at) => at === turn % THEMES.length));
