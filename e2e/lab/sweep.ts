import { sweep } from './claim.ts';

const count = await sweep((line) => void process.stderr.write(`lab: ${line}\n`));
process.stdout.write(count === 0 ? 'nothing to remove\n' : `removed ${count}\n`);
