import type { FlowQuery } from '../../../shared/contract/views.ts';
import type { BackendClient } from '../../rpc/client.ts';

/** The whole file of an export, how many rows it says that it has, and in how many parts it came. */
export async function readExport(client: BackendClient, query: FlowQuery): Promise<{ text: string; rows: number; parts: number }> {
  let [text, parts] = ['', 0];
  for await (const event of await client.flows.exportCsv(query)) {
    if (event.type === 'done') return { text, rows: event.rows, parts };
    text += event.text;
    parts += 1;
  }
  throw new Error('the export ended without its last event');
}
