import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { CliContext } from './context.ts';

/** Asks on the controlling terminal (prompt on stderr, so that stdout stays the answer's). Undefined without a terminal. */
export const askOnTerminal: CliContext['ask'] = async (question, { hidden }) => {
  if (!process.stdin.isTTY) return undefined;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: true });
  try {
    if (hidden) process.stderr.write(question);
    return await new Promise<string>((resolve) => lines.question(hidden ? '' : question, resolve));
  } finally {
    lines.close();
    if (hidden) process.stderr.write('\n');
  }
};
