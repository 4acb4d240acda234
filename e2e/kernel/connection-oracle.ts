import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { getAddress, printAddress } from '../../shared/net/address.ts';
import type { LabHost } from '../lab/host.ts';

const WORKER = readFileSync(new URL('./on-host/connect-worker.py', import.meta.url), 'utf8');
const ASK = readFileSync(new URL('./on-host/ask-worker.py', import.meta.url), 'utf8');
/** What of the agent fills sets. Whole files, so that what one of them comes to need is missed by name (`set -eu`), and not as sets that stay empty. */
const AGENT_PARTS = ['env.sh', 'state.sh', 'fill.sh', 'names.awk'] as const;
/** What a connection is given to be answered; only those that are dropped need it all. */
const WAIT_SECONDS = 0.7;
/** Enough for two SYNs that got lost on a busy machine: the kernel sends them again after 1 s and 3 s. */
const PATIENT_WAIT_SECONDS = 5;
/** To which the peer redirects whatever comes to an address of a policy. */
const ANSWERS = 7007;

/** Who sends from the host under test: an account, in a unit that runs there. */
export type Account = { readonly user: string; readonly uid: number; readonly group: string; readonly gid: number };
export type Attempt = { readonly source: string; readonly destination: string; readonly port: number };
/** `long`: a connection counts as timed out only when its SYN went unanswered several times. */
export type Patience = 'usual' | 'long';
export type Outcome = 'connected' | 'refused' | 'timeout';

/** Units of the host under test, and the TCP ports on which each listens. `none.service` is there to be no unit of any rule. */
export const LISTENERS = { 'a.service': [53, 80, 443, 2222, 8000, 65535], 'b.service': [79, 5432, 8010], 'none.service': [81, 5431, 5433, 65534] } as const;
export type Unit = keyof typeof LISTENERS;
export const UNITS = ['a.service', 'b.service', 'none.service'] as const satisfies readonly Unit[];

const LOAD = `
cd /run/oracle
home_dir=/run/oracle lib_dir=/run/oracle scratch=/run/oracle
. ./env.sh
set -eu
cat >bundle
. ./state.sh
. ./fill.sh
names_path=/run/oracle/kept-names
nft_() { nft "$@"; }
log() { echo "$*" >&2; exit 1; }
nft 'table inet firebreak; delete table inet firebreak'
nft -f bundle
fill_statements bundle >statements
nft -f statements
fill_units bundle`;

const PEER_RULES = (own: readonly string[]) => `
table inet oracle {
  chain arrivals {
    type nat hook prerouting priority dstnat; policy accept;
    ip daddr ${own[0]} accept
    ip6 daddr ${own[1]} accept
    ip daddr 10.0.0.0/8 meta l4proto tcp redirect to :${ANSWERS}
    ip6 daddr fd00::/16 meta l4proto tcp redirect to :${ANSWERS}
  }
}`;

/** Which real connections of real accounts and systemd units a ruleset lets through: one lab host is under test, the other plays everybody else. */
export class ConnectionOracle {
  readonly #subject: LabHost;
  readonly #peer: LabHost;
  #addresses: readonly string[] = [];

  private constructor(subject: LabHost, peer: LabHost) {
    this.#subject = subject;
    this.#peer = peer;
  }

  static async start(subject: LabHost, peer: LabHost): Promise<ConnectionOracle> {
    for (const host of [subject, peer]) {
      await host.run('mkdir -p /run/oracle && cat >/run/oracle/connect-worker.py', { stdin: WORKER });
      await host.run('for conf in all default eth0; do echo 0 >/proc/sys/net/ipv4/conf/$conf/rp_filter; done');
    }
    for (const part of AGENT_PARTS) await subject.run(`cat >/run/oracle/${part}`, { stdin: readFileSync(new URL(`../../agent/lib/${part}`, import.meta.url), 'utf8') });
    await subject.run(`ip route add 10.0.0.0/8 via ${peer.ipv4}; ip -6 route add fd00::/16 via ${peer.ipv6}`);
    // AnyIP below what is routed to the host under test: every other address of a policy is the peer's.
    await peer.run('echo 1 >/proc/sys/net/ipv6/ip_nonlocal_bind');
    await peer.run('ip route add local 10.0.0.0/8 dev lo table main; ip -6 route add local fd00::/16 dev lo table main');
    await peer.run(['nft', '-f', '-'], { stdin: PEER_RULES([peer.ipv4, peer.ipv6]) });
    await startWorker(peer, 'peer.service', [ANSWERS]);
    for (const unit of UNITS) await startWorker(subject, unit, LISTENERS[unit]);
    return new ConnectionOracle(subject, peer);
  }

  /** Gives the host these addresses, and `bundle` as its only policy, filled as the agent fills it. */
  async load(bundle: string, addresses: readonly string[]): Promise<void> {
    const canonical = addresses.map((text) => printAddress(getAddress(text)));
    const change = (word: 'add' | 'del', list: readonly string[]) => list.map((address) => `ip addr ${word} ${address}/${address.includes(':') ? '128 nodad' : '32'} dev eth0`);
    const route = (word: 'replace' | 'del', list: readonly string[]) =>
      list.map((address) => `ip ${address.includes(':') ? '-6 ' : ''}route ${word} ${address} via ${address.includes(':') ? this.#subject.ipv6 : this.#subject.ipv4}`);
    await this.#subject.run(['sh', '-e'], { stdin: [...change('del', this.#addresses), ...change('add', canonical)].join('\n').replaceAll(/(del .*) nodad/g, '$1') });
    await this.#peer.run(['sh', '-e'], { stdin: [...route('del', this.#addresses), ...route('replace', canonical)].join('\n') });
    this.#addresses = canonical;
    await this.#subject.run(['sh', '-c', LOAD], { stdin: bundle });
  }

  /** What became of each attempt from the host under test. */
  outbound(unit: Unit, account: Account, attempts: readonly Attempt[], patience: Patience = 'usual'): Promise<Outcome[]> {
    return ask(this.#subject, unit, account, attempts, patience);
  }

  /** What became of each attempt of the peer's. */
  inbound(attempts: readonly Attempt[], patience: Patience = 'usual'): Promise<Outcome[]> {
    return ask(this.#peer, 'peer.service', { uid: 0, gid: 0 }, attempts, patience);
  }
}

async function startWorker(host: LabHost, unit: string, ports: readonly number[]): Promise<void> {
  const path = `/run/oracle/${unit}.sock`;
  await host.run(['systemd-run', '--quiet', `--unit=${unit}`, '--property=LimitNOFILE=4096', '--', 'python3', '/run/oracle/connect-worker.py', path, ...ports.map(String)]);
  for (let tries = 0; (await host.exec(['test', '-S', path])).code !== 0; tries += 1) {
    if (tries > 200) throw new Error(`${unit} on ${host.name} does not listen: ${await host.run(['systemctl', 'status', '--no-pager', unit])}`);
    await delay(50);
  }
}

async function ask(host: LabHost, unit: string, { uid, gid }: Pick<Account, 'uid' | 'gid'>, attempts: readonly Attempt[], patience: Patience): Promise<Outcome[]> {
  const wait = patience === 'long' ? PATIENT_WAIT_SECONDS : WAIT_SECONDS;
  const stdin = JSON.stringify({ uid, gid, wait, probes: attempts.map(({ source, destination, port }) => [source, destination, port]) });
  const answer = await host.run(['python3', '-c', ASK, `/run/oracle/${unit}.sock`], { stdin, timeoutMs: 120_000 });
  const words = z.array(z.string()).length(attempts.length).parse(JSON.parse(answer));
  return words.map((word, i) => {
    if (word !== 'connected' && word !== 'refused' && word !== 'timeout') throw new Error(`on ${host.name}: ${JSON.stringify(attempts[i])} ended with ${word}`);
    return word;
  });
}
