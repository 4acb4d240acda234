import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { LabHost } from './host.ts';

const Tier = z.object({ ok: z.boolean(), error: z.string().exactOptional() });
const ShopPage = z.object({ web: z.string(), db: Tier, cache: Tier });
type Tier = z.infer<typeof Tier>;

export type ShopAnswer = {
  /** True if the load balancer, a web host, the database and the cache all did their part. */
  readonly ok: boolean;
  /** HTTP status; undefined if nobody answered. */
  readonly status?: number;
  readonly web?: string;
  readonly db?: Tier;
  readonly cache?: Tier;
  readonly error?: string;
  readonly durationMs: number;
};

/** The shop as a customer at the console's address sees it. */
export class Shop {
  readonly #loadBalancer: LabHost;

  constructor(loadBalancer: LabHost) {
    this.#loadBalancer = loadBalancer;
  }

  /** One real HTTP request through lb1 that makes its web host ask the database and the cache, over new connections. */
  async request(options: { readonly timeoutMs?: number } = {}): Promise<ShopAnswer> {
    const startedMs = performance.now();
    const answer = await fetchOnce(`http://${this.#loadBalancer.ipv4}/`, options.timeoutMs ?? 10_000);
    return { ...answer, durationMs: performance.now() - startedMs };
  }

  /** Resolves with the first full answer; throws with the last poor one when none comes in time. */
  async waitUntilOpen(timeoutMs = 90_000): Promise<ShopAnswer> {
    const deadlineMs = Date.now() + timeoutMs;
    for (;;) {
      const answer = await this.request({ timeoutMs: 3000 });
      if (answer.ok) return answer;
      if (Date.now() > deadlineMs) throw new Error(`the shop does not open: ${JSON.stringify(answer)}`);
      await delay(100);
    }
  }
}

function fetchOnce(url: string, timeoutMs: number): Promise<Omit<ShopAnswer, 'durationMs'>> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', (error) => resolve({ ok: false, error: error.message }));
      response.on('end', () => resolve({ ok: response.statusCode === 200, status: response.statusCode ?? 0, ...parseTiers(text) }));
    });
    request.on('error', (error) => resolve({ ok: false, error: error.message }));
  });
}

/** What shop-web.py says; anything else (nginx's own error page) has no tiers. */
function parseTiers(text: string): Pick<ShopAnswer, 'web' | 'db' | 'cache'> {
  if (!text.startsWith('{')) return {};
  const answer: unknown = JSON.parse(text);
  const { web, db, cache } = ShopPage.parse(answer);
  return { web, db, cache };
}
