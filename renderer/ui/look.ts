import { create } from 'zustand';

/** How this window looks, beside its theme. Stored in the window's own storage; it is no workspace data. */
export type Contrast = 'normal' | 'high';
export type Density = 'compact' | 'normal' | 'roomy';
export type TimeZoneChoice = 'local' | 'utc';
type Look = { readonly contrast: Contrast; readonly density: Density; readonly times: TimeZoneChoice };

/** Pixels of a row of a dense table; `--row-height` in look.css says the same. */
export const ROW_HEIGHTS_PX: Readonly<Record<Density, number>> = { compact: 28, normal: 34, roomy: 42 };

const KEYS = { contrast: 'firebreak.contrast', density: 'firebreak.density', times: 'firebreak.times' } as const;

function storedLook(): Look {
  const density = localStorage.getItem(KEYS.density);
  return {
    contrast: localStorage.getItem(KEYS.contrast) === 'high' ? 'high' : 'normal',
    density: density === 'compact' || density === 'roomy' ? density : 'normal',
    times: localStorage.getItem(KEYS.times) === 'utc' ? 'utc' : 'local',
  };
}

/** Puts contrast and density on the document; colours and sizes follow by look.css. */
function showLook({ contrast, density }: Look): void {
  document.documentElement.dataset.contrast = contrast;
  document.documentElement.dataset.density = density;
}

type LookState = Look & { readonly choose: <Key extends keyof Look>(key: Key, value: Look[Key]) => void };

export const useLook = create<LookState>()((set, get) => ({
  ...storedLook(),
  choose: (key, value) => {
    localStorage.setItem(KEYS[key], value);
    set({ [key]: value });
    showLook(get());
  },
}));

showLook(useLook.getState());
