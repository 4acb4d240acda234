import type { Duplex } from 'node:stream';
import type { AgentTries, AgentWitness, TryAnswer, WitnessPoint } from '../../shared/contract/agent-replies.ts';
import type { FakeHostSpec, FakeOutcome, Passage } from './fake-host-spec.ts';

/** What is asked of a machine of the fleet here. */
type FakeMachine = { readonly spec: FakeHostSpec; pass(passage: Passage): FakeOutcome };

type Watch = { readonly pairs: ReadonlySet<string>; readonly seen: AgentWitness['seen'] };

/** What simulated hosts try with each other, and what those of them see that watch: `witness` and `try` of the agent, over all machines of a fleet. */
export class FakeProofs {
  readonly #machines: readonly FakeMachine[];
  readonly #watches = new Map<FakeMachine, Watch>();
  #ownPort = 40_000;

  constructor(machines: readonly FakeMachine[]) {
    this.#machines = machines;
  }

  /** Says on the channel that it watches, and what it saw once the channel's other end has ended. */
  async witness(machine: FakeMachine, channel: Duplex): Promise<AgentWitness> {
    let said = '';
    const seen: AgentWitness['seen'] = [];
    for await (const chunk of channel.setEncoding('utf8')) {
      const isReady = said.includes('go\n');
      said += String(chunk);
      if (isReady || !said.includes('go\n')) continue;
      this.#watches.set(machine, { pairs: new Set(said.split('\n').filter((line) => line !== '' && line !== 'go')), seen });
      channel.write('{"v":1,"ready":true}\n');
    }
    this.#watches.delete(machine);
    return { v: 1, seen, full: false };
  }

  try(machine: FakeMachine, text: string): AgentTries {
    const lines = text.split('\n').filter((line) => line !== '');
    const tries = lines.map((line) => {
      const [source = '', destination = '', port = ''] = line.split(' ');
      this.#ownPort += 1;
      return { answer: this.#connect(machine, { source, destination, port: Number(port), ownPort: this.#ownPort }), port: this.#ownPort };
    });
    return { v: 1, tool: 'python3', user: 'root', cgroup: '/system.slice/ssh.service', tries };
  }

  #connect(machine: FakeMachine, ends: { source: string; destination: string; port: number; ownPort: number }): TryAnswer {
    const { source, destination, port, ownPort } = ends;
    const see = (who: FakeMachine, point: WitnessPoint) => {
      const watch = this.#watches.get(who);
      if (watch?.pairs.has(`${source} ${destination} ${port}`)) watch.seen.push([point, source, ownPort, destination, port]);
    };
    const passage = { source, destination, protocol: 'tcp' as const, port };
    if (!machine.spec.addresses.includes(source)) return 'no-address';
    see(machine, 'sent');
    if (machine.pass({ ...passage, direction: 'out', user: 'root', unit: 'ssh.service' }) !== 'connected') return 'unreachable';
    see(machine, 'left');
    const other = this.#machines.find(({ spec }) => spec.addresses.includes(destination));
    if (other === undefined) return 'timed-out';
    see(other, 'arrived');
    const outcome = other.pass({ ...passage, direction: 'in', user: null, unit: null });
    if (outcome === 'timeout') return 'timed-out';
    see(other, 'entered');
    return outcome === 'connected' ? 'connected' : 'refused';
  }
}
