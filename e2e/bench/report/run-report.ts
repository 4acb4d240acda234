import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printPdfWithChromium } from '../../../main/browser/chromium-pdf.ts';
import { createClient } from '../../../main/rpc/client.ts';
import { createBackend } from '../../../main/services/backend.ts';
import { BENCH_NOW_MS } from '../policy/synthetic-site.ts';

/** `run-report.ts WORKSPACE DIR`: a pack of 30 days as `report pack` makes it, in a process of its own; prints what it took as JSON. */
const [workspacePath = '', outDir = ''] = process.argv.slice(2);
const started = performance.now();
const backend = createBackend({ workspacePath, user: 'ada', nowMs: () => BENCH_NOW_MS });
const client = createClient(backend);
const { pack, html, files } = await client.reports.preparePack({ fromMs: null, untilMs: null });
const prepared = performance.now();
const pdf = await printPdfWithChromium(html);
const printed = performance.now();
const sealed = await client.reports.sealPack({ pack, pdfSha256: createHash('sha256').update(pdf).digest('hex') });
for (const { name, text } of [...files, ...sealed.files]) await writeFile(join(outDir, name), text);
await writeFile(join(outDir, 'report.pdf'), pdf);
const seconds = (from: number, to: number) => (to - from) / 1000;
const cpu = process.cpuUsage();
console.log(
  JSON.stringify({
    prepareSeconds: seconds(started, prepared),
    printSeconds: seconds(prepared, printed),
    seconds: seconds(started, performance.now()),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    htmlBytes: html.length,
    tableBytes: files.reduce((sum, { text }) => sum + text.length, 0),
  }),
);
await backend.close();
