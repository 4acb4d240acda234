import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * By what this machine is told from others that open the same files over a share. Of the machine id only a hash, as machine-id(5) asks for; with the name, since cloned machines
 * and containers of one image often share the id. The same from boot to boot; another after a change of name.
 */
export const thisMachine = (): string => createHash('sha256').update(`firebreak\0${readMachineId()}\0${hostname()}`).digest('hex').slice(0, 32);

function readMachineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return ''; // not Linux, or without one: the name alone decides then
  }
}
