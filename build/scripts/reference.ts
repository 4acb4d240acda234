import { writeFileSync } from 'node:fs';
import { listCommands } from '../../main/cli/reference/list-commands.ts';
import { REFERENCE_NOTE, referencePage } from '../../main/cli/reference/markdown.ts';

/** `npm run reference`: writes docs/cli.md anew from the table of commands. A unit test fails while it is stale. */
const file = new URL('../../docs/cli.md', import.meta.url);
writeFileSync(file, referencePage(listCommands(), REFERENCE_NOTE));
console.error(`wrote ${file.pathname}`);
