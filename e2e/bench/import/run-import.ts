import { join } from 'node:path';
import { createWorkspace } from '../../../main/db/create-workspace.ts';
import { createClient } from '../../../main/rpc/client.ts';
import { createBackend } from '../../../main/services/backend.ts';
import { ImportFormat } from '../../../shared/model/flow-source.ts';

/** One import in a process of its own, so that its peak of memory is its own: `run-import.ts FOLDER FORMAT`, which has `log`. Prints one JSON line. */
const [folder = '', format = ''] = process.argv.slice(2);
const workspacePath = join(folder, 'bench.firebreak');
createWorkspace(workspacePath);
const backend = createBackend({ workspacePath, user: 'bench' });
const client = createClient(backend);
const startedAtMs = performance.now();
for await (const event of await client.flows.importLog({ path: join(folder, 'log'), format: ImportFormat.parse(format), dryRun: false })) {
  if (event.type === 'progress') continue;
  const { read, taken, flows, connections } = event.result.figures;
  // maxRSS is in KiB (getrusage(2)).
  console.log(JSON.stringify({ read, taken, flows, connections, seconds: (performance.now() - startedAtMs) / 1000, cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024 }));
}
await backend.close();
