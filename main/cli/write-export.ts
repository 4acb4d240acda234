import type { FlowQuery } from '../../shared/contract/views.ts';
import { countText } from '../../shared/text/amount-text.ts';
import type { CliContext } from './context.ts';
import { formatTime } from './table.ts';
import { openWholeFile } from './whole-file.ts';

/** So many parts come between two lines of progress. */
const PARTS_A_LINE = 25;

/**
 * Writes all flows that match to a file as they come, in bounded memory. Gives how many rows and bytes it has. What is stopped or fails leaves nothing, and a file of that name as it was.
 * @throws FILE_NOT_WRITABLE · those of flows.exportCsv
 */
export async function writeExport(context: CliContext, path: string, query: FlowQuery): Promise<{ rows: number; bytes: number }> {
  const client = await context.client();
  const file = await openWholeFile(path);
  context.setInterruptNote(`Stopped; nothing was written to ${path}.`);
  try {
    let [parts, bytes] = [0, 0];
    for await (const event of await client.flows.exportCsv(query)) {
      if (event.type === 'done') {
        await file.finish();
        return { rows: event.rows, bytes };
      }
      await file.append(event.text);
      bytes += Buffer.byteLength(event.text);
      parts += 1;
      if (parts % PARTS_A_LINE === 0) context.progress(`${countText(event.rows, 'flow')} written${event.searchedToMs === null ? '' : `, back to ${formatTime(event.searchedToMs)}`}`);
    }
    throw new Error('the export ended without its last event');
  } finally {
    await file.drop();
  }
}
