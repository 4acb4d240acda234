import type { CliContext } from './context.ts';

type ProgressEvent<T> = { type: 'progress'; hostName: string | null; text: string; done: number; total: number } | { type: 'done'; result: T };

/** Shows progress on stderr and gives the final result. A stream that ends without one is a defect of ours and throws. */
export async function followProgress<T>(context: CliContext, events: AsyncIterable<ProgressEvent<T>>): Promise<T> {
  for await (const event of events) {
    if (event.type === 'done') return event.result;
    context.progress(`[${event.done}/${event.total}] ${event.hostName === null ? '' : `${event.hostName}: `}${event.text}`);
  }
  throw new Error('the progress stream ended without a result');
}
