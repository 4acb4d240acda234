/** The recording sets of one host, as the kernel would keep them: key parts → counted packets. */
export type Conversation = {
  direction: 'in' | 'out';
  peer: string;
  protocol: string;
  port: number;
  /** Of the connecting process, for `out`. */
  uid: number | null;
  /** Of the listener, for `in`, or of the connecting process; null: nobody listens, so the coarser set takes it. */
  cgroup: string | null;
  packets: number;
};

type Element = { parts: (string | number)[]; packets: number; lastSeenAtSeconds: number };

const TIMEOUT_SECONDS = 86_400;
const BYTES_A_PACKET = 60;
const FAMILIES = ['4', '6'] as const;
/** Every set of agent/README.md, so that a snapshot always names all of them. */
const SET_NAMES = FAMILIES.flatMap((family) => [`in${family}`, `in${family}x`, `out${family}`, `out${family}x`, `fwd${family}`, ...['in', 'out'].flatMap((d) => [`miss_${d}${family}`, `miss_${d}${family}x`])]);

export class FakeKernel {
  readonly #sets = new Map<string, Map<string, Element>>();

  /** Counts one conversation; what no rule allows (`missed`) also, and what comes in and is `blocked` only, in the set of that. */
  record(conversation: Conversation, verdict: { missed: boolean; blocked: boolean }, nowSeconds: number): void {
    const name = setNameOf(conversation);
    if (!verdict.blocked || conversation.direction === 'out') this.#count(name, conversation, nowSeconds);
    if (verdict.missed) this.#count(`miss_${name}`, conversation, nowSeconds);
  }

  /** Uids in the sets, for the snapshot's `users`. */
  uids(): number[] {
    const out = [...this.#sets].filter(([name]) => /^(miss_)?out[46]$/.test(name)).flatMap(([, elements]) => [...elements.values()]);
    return [...new Set(out.map((element) => Number(element.parts[3])))];
  }

  /** What `nft -j list set` prints under `nftables[].set.elem`, as nft 1.0.6 does (measured). Expired elements are gone. */
  list(nowSeconds: number): Record<string, unknown[]> {
    return Object.fromEntries(SET_NAMES.map((name) => [name, listSet(this.#sets.get(name) ?? new Map(), nowSeconds)]));
  }

  #count(name: string, conversation: Conversation, nowSeconds: number): void {
    const parts = keyOf(conversation);
    const key = JSON.stringify(parts);
    const elements = this.#sets.get(name) ?? new Map<string, Element>();
    this.#sets.set(name, elements);
    const packets = (elements.get(key)?.packets ?? 0) + conversation.packets;
    elements.set(key, { parts, packets, lastSeenAtSeconds: nowSeconds });
  }
}

function setNameOf({ direction, peer, cgroup }: Conversation): string {
  return `${direction}${peer.includes(':') ? 6 : 4}${cgroup === null ? 'x' : ''}`;
}

function keyOf({ direction, peer, protocol, port, uid, cgroup }: Conversation): (string | number)[] {
  const key = [peer, protocol, port];
  if (cgroup === null) return key;
  return direction === 'in' ? [...key, cgroup] : [...key, uid ?? 0, cgroup];
}

function listSet(elements: ReadonlyMap<string, Element>, nowSeconds: number): unknown[] {
  return [...elements.values()].flatMap(({ parts, packets, lastSeenAtSeconds }) => {
    const expires = TIMEOUT_SECONDS - Math.floor(nowSeconds - lastSeenAtSeconds);
    return expires <= 0 ? [] : [{ elem: { val: { concat: parts }, expires, counter: { packets, bytes: packets * BYTES_A_PACKET } } }];
  });
}
