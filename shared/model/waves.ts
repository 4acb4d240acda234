import { z } from 'zod';
import { HostName, ZoneName } from './names.ts';

export const MAX_WAVES = 10;
export const MAX_PAUSE_SECONDS = 3600;

/** How many hosts go together: so many, or so many of a hundred of all that change (at least one). */
export const WaveSize = z.union([z.strictObject({ hosts: z.number().int().min(1).max(100_000) }), z.strictObject({ percent: z.number().int().min(1).max(100) })]);
export type WaveSize = z.infer<typeof WaveSize>;

/** In which portions a push goes out, the first ones first; what is left after the last of these goes together. None: all hosts at once. */
export const Waves = z.array(WaveSize).max(MAX_WAVES);
export type Waves = z.infer<typeof Waves>;

/** One host, then a tenth, then the rest. */
export const DEFAULT_WAVES: Waves = [{ hosts: 1 }, { percent: 10 }];

/** How a push goes through its hosts. `first` names hosts that go before the others; the first wave holds at least these. `zones` go one after another, before the other zones. */
export const WaveOrder = z.strictObject({ sizes: Waves, first: z.array(HostName).max(1000), zones: z.array(ZoneName).max(1000).default([]), pauseSeconds: z.number().int().min(0).max(MAX_PAUSE_SECONDS) });
export type WaveOrder = z.infer<typeof WaveOrder>;
export const AT_ONCE: WaveOrder = { sizes: [], first: [], zones: [], pauseSeconds: 0 };
