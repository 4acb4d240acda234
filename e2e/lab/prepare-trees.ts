import { listMachineObstacles } from './machine.ts';
import { ensureTree } from './tree.ts';

/** Makes the root trees that `npm test` boots hosts from, where they are not there yet: mostly downloads, so that it is done beside the rings before the lab's, which makes what is missing. */
if (listMachineObstacles().length === 0) {
  for (const release of ['bookworm', 'bullseye', 'trixie'] as const) await ensureTree((line) => console.log(`lab: ${line}`), release);
}
