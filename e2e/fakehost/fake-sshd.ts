import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import ssh2 from 'ssh2';
import type { AuthContext, Connection, ServerChannel } from 'ssh2';
import type { HostKey } from '../../shared/model/host.ts';

/** One command that a client runs; the script plays the host's part. */
export type FakeCommand = { command: string; channel: ServerChannel; user: string; connection: Connection };

/** What a fake sshd does at each step; whatever is left out behaves like an obliging host. */
export type SshdScript = {
  /** Private keys in OpenSSH form; the default is one ed25519 key made for this server. */
  hostKeys?: readonly string[];
  banner?: string;
  algorithms?: ssh2.ServerConfig['algorithms'];
  /** Before SSH: return true to keep the socket from it (to drop, hang, or speak something else). */
  onSocket?: (socket: Socket) => boolean;
  /** Default: accepts everything. Must accept or reject. */
  onAuth?: (context: AuthContext) => void;
  /** Return false to refuse the session channel. */
  onSession?: (openSessions: number) => boolean;
  /** Default: prints nothing and exits 0. */
  onExec?: (command: FakeCommand) => void;
  /** Default: refused. Return the port to forward to, on loopback. */
  onTunnel?: (address: string, port: number) => number | null;
};

/** Everything that reached the server, in order. Passwords are not kept. */
export type SshdLog = { sockets: number; auth: { method: string; user: string }[]; commands: string[]; sessionsOpen: number; sessionsMost: number };

export type FakeSshd = { port: number; hostKey: HostKey; log: SshdLog; connections: () => readonly Connection[]; /** Hangs up on everybody. */ dropAll: () => void; close: () => Promise<void> };

/** An ed25519 key pair in OpenSSH form. ssh2 1.17 writes one in about 170 that it cannot read itself (18 of 3,000); those are drawn again. */
export function makeKeyPair(): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

/** What a client pins for this private key. */
export function hostKeyOf(privateKey: string): HostKey {
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  return { algorithm: parsed.type, fingerprint: `SHA256:${createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, '')}` };
}

/** Starts an ssh2 server on 127.0.0.1, on a free port unless one is given. */
export async function startFakeSshd(script: SshdScript = {}, listenPort = 0): Promise<FakeSshd> {
  const hostKeys = script.hostKeys ?? [makeKeyPair().private];
  const [firstKey] = hostKeys;
  if (firstKey === undefined) throw new Error('a server needs a host key');
  const log: SshdLog = { sockets: 0, auth: [], commands: [], sessionsOpen: 0, sessionsMost: 0 };
  const connections = new Set<Connection>();
  const sockets = new Set<Socket>();

  const ssh = new ssh2.Server({ hostKeys: [...hostKeys], ...(script.banner === undefined ? {} : { banner: script.banner }), ...(script.algorithms === undefined ? {} : { algorithms: script.algorithms }) });
  ssh.on('connection', (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    // Clients that hang up in the middle are what these servers are for.
    connection.on('error', () => undefined);
    serveConnection(connection, script, log);
  });

  const net = createServer({ noDelay: true }, (socket) => {
    log.sockets += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    if (script.onSocket?.(socket) === true) return;
    ssh.injectSocket(socket);
  });
  const port = await listen(net, listenPort);
  const close = async () => {
    if (!net.listening) return;
    const closed = once(net, 'close');
    net.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const dropAll = () => {
    for (const connection of connections) connection.end();
  };
  return { port, hostKey: hostKeyOf(firstKey), log, connections: () => [...connections], dropAll, close };
}

function serveConnection(connection: Connection, script: SshdScript, log: SshdLog): void {
  let user = '';
  connection.on('authentication', (context) => {
    log.auth.push({ method: context.method, user: context.username });
    user = context.username;
    if (script.onAuth === undefined) context.accept();
    else script.onAuth(context);
  });
  connection.on('session', (accept, reject) => {
    if (script.onSession?.(log.sessionsOpen) === false) return reject();
    log.sessionsOpen += 1;
    log.sessionsMost = Math.max(log.sessionsMost, log.sessionsOpen);
    const session = accept();
    session.on('close', () => {
      log.sessionsOpen -= 1;
    });
    session.on('exec', (acceptExec, _reject, { command }) => {
      log.commands.push(command);
      const channel: ServerChannel = acceptExec();
      channel.on('error', () => undefined);
      if (script.onExec !== undefined) return script.onExec({ command, channel, user, connection });
      channel.exit(0);
      channel.end();
    });
  });
  connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
    const port = script.onTunnel?.(destIP, destPort) ?? null;
    if (port === null) return reject();
    forward(accept(), port);
  });
}

function forward(channel: ServerChannel, port: number): void {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  channel.on('error', () => socket.destroy());
  channel.on('close', () => socket.destroy());
  socket.on('error', () => channel.destroy());
  socket.pipe(channel).pipe(socket);
}

async function listen(server: NetServer, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return address.port;
}
