import { MAX_PROBED, type ProbeAnswer, type ProbeInput, type ProbeResult } from '../../shared/contract/host-imports.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { printAddress } from '../../shared/net/address.ts';
import { cidrRange, parseCidr } from '../../shared/net/parse-cidr.ts';
import type { AddressRange } from '../../shared/net/range-set.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { listHosts } from '../db/host-store.ts';
import { readBanner } from '../ssh/read-banner.ts';
import type { BackendContext } from './backend-context.ts';
import { canonicalAddress, listHostAddresses } from './host-addresses.ts';
import { recordChange } from './record-change.ts';

type ProbeEvent = { type: 'progress'; hostName: null; text: string; done: number; total: number } | { type: 'done'; result: ProbeResult };

/**
 * Asks each address of a network whether SSH answers there, a bounded number at a time; nothing is sent to them and nothing but the audit entry is stored. The network is the person's word: none is guessed.
 * @throws INPUT_INVALID for no network, or one of more than 4096 addresses · ABORTED
 */
export async function* probeHosts(ctx: BackendContext, { network, port, timeoutMs, parallel }: ProbeInput, signal: AbortSignal = new AbortController().signal): AsyncGenerator<ProbeEvent, void, void> {
  const parsed = parseCidr(network);
  if (!parsed.ok) throw new FirebreakError('INPUT_INVALID', { issues: parsed.issues.map((issue) => ({ ...issue, path: 'network' })) });
  const addresses = listAddresses(cidrRange(parsed.value));
  recordChange(ctx, { action: 'hosts.probe', subject: parsed.value, detail: `${countText(addresses.length, 'address')}, port ${port}`, groups: [] }, () => {});
  const names = namesByAddress(ctx, port);
  const answers: ProbeAnswer[] = [];
  const counts = { silent: 0, closed: 0, other: 0 };
  for (let at = 0; at < addresses.length; at += parallel) {
    yield { type: 'progress', hostName: null, text: `${countText(answers.length, 'answer')} so far`, done: at, total: addresses.length };
    const batch = addresses.slice(at, at + parallel);
    const heard = await Promise.all(batch.map((address) => readBanner({ address, port, timeoutMs, signal })));
    if (signal.aborted) throw new FirebreakError('ABORTED', { doing: `asking ${parsed.value} for SSH` });
    for (const [place, answer] of heard.entries()) {
      const address = batch[place] ?? '';
      if (answer.kind === 'ssh') answers.push({ address, port, banner: answer.banner, knownAs: names.get(address) ?? null });
      else counts[answer.kind] += 1;
    }
  }
  yield { type: 'done', result: { network: parsed.value, asked: addresses.length, answers, ...counts } };
}

/** Without the first and the last of an IPv4 network, which are no hosts (RFC 3021 has both where there are but two). */
function listAddresses({ family, first, last }: AddressRange): string[] {
  const size = last - first + 1n;
  if (size > BigInt(MAX_PROBED)) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'network', message: `it has more than ${MAX_PROBED} addresses; probe parts of it, IPv4 at most a /20 and IPv6 a /116 at a time` }] });
  const isWhole = family === 6 || size <= 2n;
  const [from, to] = isWhole ? [first, last] : [first + 1n, last - 1n];
  return Array.from({ length: Number(to - from + 1n) }, (_, step) => printAddress({ family, value: from + BigInt(step) }));
}

/** Hosts that are there, by their addresses; on the way in itself the port decides, since two may stand behind one address. */
function namesByAddress(ctx: BackendContext, port: number): Map<string, string> {
  const names = new Map<string, string>();
  const hosts = listHosts(ctx.workspace.read);
  for (const host of hosts) for (const address of listHostAddresses(host)) names.set(address, host.name);
  for (const { name, ssh } of hosts) {
    const address = ssh === null || ssh.port !== port || ssh.jump !== null ? null : canonicalAddress(ssh.address);
    if (address !== null) names.set(address, name);
  }
  return names;
}
