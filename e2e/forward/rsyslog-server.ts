import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCa } from './test-ca.ts';

/** One line that rsyslog wrote: what it read from the header of RFC 5424, and MSG. */
export type Received = { priority: number; atMs: number; hostName: string; app: string; procId: string; msgId: string; body: Record<string, unknown> };
export type RsyslogServer = {
  readonly ports: { readonly udp: number; readonly tcp: number; readonly tls: number };
  start(): Promise<void>;
  /** SIGTERM as an admin's restart does, SIGKILL as a power cut does. Resolves when the process is gone. */
  stop(how: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** SIGSTOP: connections are taken by the kernel, and nothing is read until SIGCONT. */
  hold(how: 'SIGSTOP' | 'SIGCONT'): void;
  received(): Received[];
  /** Bytes of what was received, without reading them. */
  size(): number;
};

export const rsyslogPath = '/usr/sbin/rsyslogd';
/** Debian keeps TLS in packages of their own: rsyslog-openssl, rsyslog-gnutls. */
export const hasRsyslogTls = (): boolean => globSync('/usr/lib/*/rsyslog/lmnsd_ossl.so').length > 0;

/** A real rsyslogd on free loopback ports, with a configuration and a file of its own; it touches nothing of the machine's. */
export async function makeRsyslog(folder: string, ca: TestCa | null): Promise<RsyslogServer> {
  const ports = { udp: await freePort(), tcp: await freePort(), tls: await freePort() };
  const [configPath, outPath] = [join(folder, 'rsyslog.conf'), join(folder, 'received.log')];
  writeFileSync(configPath, configOf({ folder, outPath, ports, ca }));
  const checked = spawnSync(rsyslogPath, ['-N1', '-f', configPath], { encoding: 'utf8' });
  if (checked.status !== 0) throw new Error(`rsyslogd does not take the configuration:\n${checked.stderr}`);
  let child: ChildProcess | undefined;
  return {
    ports,
    start: async () => {
      endLine(outPath);
      child = spawn(rsyslogPath, ['-n', '-f', configPath, '-i', join(folder, 'rsyslog.pid')], { stdio: ['ignore', 'ignore', 'pipe'] });
      await listening(ports.tcp);
      if (ca !== null) await listening(ports.tls);
    },
    stop: async (how) => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(how);
      await gone;
    },
    hold: (how) => {
      child?.kill(how);
    },
    // What is cut off at a kill is no line; it comes again.
    received: () => (existsSync(outPath) ? readFileSync(outPath, 'utf8').split('\n').slice(0, -1).flatMap(parseLine) : []),
    size: () => statSync(outPath, { throwIfNoEntry: false })?.size ?? 0,
  };
}

function parseLine(line: string): Received[] {
  const [priority = '', at = '', hostName = '', app = '', procId = '', msgId = '', body = ''] = line.split('\t');
  if (!body.endsWith('}')) return [];
  return [{ priority: Number(priority), atMs: Date.parse(at), hostName, app, procId, msgId, body: JSON.parse(body) as Record<string, unknown> }];
}

/** Where the last line was cut off, the next one begins on its own. */
function endLine(path: string): void {
  if (existsSync(path) && !/(?:^|\n)$/.test(readFileSync(path, 'utf8').slice(-1))) appendFileSync(path, '\n');
}

type Site = { folder: string; outPath: string; ports: RsyslogServer['ports']; ca: TestCa | null };

/** The longest message is as rsyslog has it unless it is told otherwise: 8 KiB. What was read is written before more is read (direct queues): what this server has taken is in its file, unless it is killed in that moment. */
function configOf({ folder, outPath, ports, ca }: Site): string {
  const tls = ca === null ? '' : `DefaultNetstreamDriver="ossl" DefaultNetstreamDriverCAFile="${ca.caPath}" DefaultNetstreamDriverCertFile="${ca.certPath}" DefaultNetstreamDriverKeyFile="${ca.keyPath}"`;
  return `
global(workDirectory="${folder}" ${tls})
main_queue(queue.type="Direct")
module(load="imudp")
module(load="imptcp")
template(name="line" type="string" string="%pri%\\t%timereported:::date-rfc3339%\\t%hostname%\\t%app-name%\\t%procid%\\t%msgid%\\t%msg:::drop-last-lf%\\n")
ruleset(name="keep") { action(type="omfile" file="${outPath}" template="line" asyncWriting="off" flushOnTXEnd="on") }
input(type="imudp" address="127.0.0.1" port="${ports.udp}" ruleset="keep")
input(type="imptcp" address="127.0.0.1" port="${ports.tcp}" ruleset="keep")
${ca === null ? '' : `module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.Authmode="anon")
input(type="imtcp" address="127.0.0.1" port="${ports.tls}" ruleset="keep")`}
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** Asked again until it answers; the test's own limit ends it. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect({ host: '127.0.0.1', port });
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await sleep(20);
  }
}
