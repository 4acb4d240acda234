import type { Cli } from './cli.ts';
import type { Proofs } from './proofs.ts';
import type { Site } from './site.ts';

/** What the story is told with. `outDir` ends with a slash. */
export type Story = { site: Site; cli: Cli; proofs: Proofs; outDir: string; workspacePath: string; log: (line: string) => void };
