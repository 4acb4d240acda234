import { existsSync } from 'node:fs';
import { LineProgram, run } from '../kernel/run.ts';

export const CLIENT = '10.200.0.1';
export const SERVER = '10.200.0.2';
export const PORT = 7000;

/** Where the generator runs: both ends of a connection on one core, before everything else, so that other load does not count. */
const CORE = '1';
export const PINNED = ['chrt', '-f', '10', 'taskset', '-c', CORE] as const;

/** A client and a server in network namespaces of their own, joined by a veth; nothing else is in them. Rules go to the server's side only. */
export type Arena = { readonly clientNs: string; readonly serverNs: string; close(): Promise<void> };

/** `trafficPath` is the compiled generator; the server listens when this resolves. Throws and cleans up when anything fails. */
export async function openArena(label: string, trafficPath: string): Promise<Arena> {
  const clientNs = `fbb-${process.pid}-${label}-c`;
  const serverNs = `fbb-${process.pid}-${label}-s`;
  const remove = () => {
    for (const namespace of [clientNs, serverNs]) {
      if (existsSync(`/run/netns/${namespace}`)) run(['ip', 'netns', 'del', namespace]);
    }
  };
  try {
    for (const namespace of [clientNs, serverNs]) run(['ip', 'netns', 'add', namespace]);
    run(['ip', '-n', clientNs, 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v0', 'netns', serverNs]);
    for (const [namespace, address] of [
      [clientNs, CLIENT],
      [serverNs, SERVER],
    ] as const) {
      run(['ip', '-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'v0']);
      for (const device of ['lo', 'v0']) run(['ip', '-n', namespace, 'link', 'set', device, 'up']);
    }
    const server = new LineProgram(['ip', 'netns', 'exec', serverNs, ...PINNED, trafficPath, 'serve', SERVER, String(PORT)]);
    await server.nextLine();
    const close = async () => {
      await server.stop();
      remove();
    };
    return { clientNs, serverNs, close };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Runs a program in the server's namespace with text on its stdin. */
export const inServer = (arena: Arena, argv: readonly string[], stdin = ''): string => run(['ip', 'netns', 'exec', arena.serverNs, ...argv], stdin);
