import { Duplex } from 'node:stream';
import type { HostKey } from '../../shared/model/host.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { quoteCommand } from '../../main/ssh/quote-command.ts';
import type { RunRequest, SshPool } from '../../main/ssh/ssh-pool.ts';
import { answerCommand } from '../fakehost/fake-login-shell.ts';
import type { FakeMachine } from '../fakehost/fake-machine.ts';

export const SEED_CONSOLE_ADDRESS = '10.20.0.5';

/** `cut` hosts do not answer; of a `mute` host new connections do not come through, which a push notices when it proves. */
export type MemoryPool = SshPool & { readonly cut: Set<string>; readonly mute: Set<string> };

/** An SSH pool without SSH: simulated machines answer the agent's commands in this process. Only for seeding; the fake fleet has real SSH servers. */
export function createMemoryPool(machines: readonly FakeMachine[], keyOf: (hostName: string) => HostKey): MemoryPool {
  const cut = new Set<string>();
  const mute = new Set<string>();
  const unreachable = (host: string, address: string) => new FirebreakError('HOST_UNREACHABLE', { host, address, port: 22, detail: 'no route to host' });
  return {
    cut,
    mute,
    async run(target, request, options) {
      const machine = machines.find((m) => m.spec.name === target.hostName);
      if (machine === undefined || cut.has(target.hostName)) throw unreachable(target.hostName, target.address);
      if ((options?.freshConnection ?? false) !== false && mute.has(target.hostName)) throw unreachable(target.hostName, target.address);
      const connection = { clientAddress: SEED_CONSOLE_ADDRESS, clientPort: 40_022, serverAddress: machine.spec.addresses[0] ?? '', serverPort: 22 };
      const channel = openChannel(request);
      const { exitCode, stdout, stderr } = await answerCommand(machine, quoteCommand(request.argv, request.rawSuffix), channel, connection);
      return { exitCode, stdout: channel.said() + stdout, stderr: stderr ?? '' };
    },
    showKey: (target) => Promise.resolve(keyOf(target.hostName)),
    close: () => {
      for (const machine of machines) machine.agent?.stop();
      return Promise.resolve();
    },
  };
}

/** The host's end of an exec channel: stdin as the request says, and what the host says before its answer. */
function openChannel({ stdin, hold }: RunRequest): Duplex & { said: () => string } {
  let said = '';
  const channel = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      said += chunk.toString('utf8');
      hold?.said(said);
      done();
    },
  });
  if (stdin !== undefined && stdin.length > 0) channel.push(Buffer.from(stdin));
  const end = () => void channel.push(null);
  if (hold === undefined) end();
  else hold.over.then(end, end);
  return Object.assign(channel, { said: () => said });
}
