import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { openWorkspace } from '../open-workspace.ts';

const PAGE_BYTES = 4096;

/**
 * Damages a workspace file that a backend has open, as a failing disk does: all pages but the first are overwritten, and a rewrite of the file before makes the
 * backend forget what it has in memory. From then on each of its queries fails with what SQLite says of such a file. There is no way back.
 */
export function damageFile(path: string): void {
  const other = openWorkspace(path);
  try {
    // Everything anew, and out of the log, or the backend would go on reading it from there.
    other.compact();
    const file = openSync(path, 'r+');
    try {
      for (let at = PAGE_BYTES; at < statSync(path).size; at += PAGE_BYTES) writeSync(file, Buffer.alloc(PAGE_BYTES, 0xff), 0, PAGE_BYTES, at);
    } finally {
      closeSync(file);
    }
  } finally {
    other.close();
  }
}
