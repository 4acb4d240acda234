import type { FlowCountQuery } from '../../../shared/contract/flow-pages.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { client } from '../../api/client.ts';
import { type ProgressEvent, runTask } from '../../api/task-store.ts';
import { exactTime } from '../../ui/TimeAgo.tsx';
import { saveFile } from '../../ui/save-file.ts';

const FILE_NAME = 'flows.csv';

/** Saves all flows that match as CSV. Progress is in the task tray, from which it can be cancelled, whatever screen is open by then; a cancelled one saves nothing. Never rejects. */
export async function exportFlows(query: FlowCountQuery): Promise<void> {
  const stop = new AbortController();
  await runTask('Export flows as CSV', () => Promise.resolve(follow(query, stop.signal)), { stop });
}

async function* follow(query: FlowCountQuery, signal: AbortSignal): AsyncGenerator<ProgressEvent, void, void> {
  // As blobs, which the browser keeps outside of the page's memory.
  const parts: Blob[] = [];
  for await (const event of await client.flows.exportCsv({ ...query, limit: 1, offset: 0 }, { signal })) {
    if (event.type === 'done') {
      saveFile(FILE_NAME, new Blob(parts, { type: 'text/csv' }));
      yield { type: 'done', result: { hosts: [], text: `${countText(event.rows, 'flow')} in ${FILE_NAME}.` } };
      return;
    }
    parts.push(new Blob([event.text]));
    const back = event.searchedToMs === null ? '' : `, back to ${exactTime(event.searchedToMs)}`;
    yield { type: 'progress', hostName: null, text: `${countText(event.rows, 'flow')}${back}`, done: 0, total: 0 };
  }
}
