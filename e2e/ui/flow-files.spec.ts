import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BackendClient } from '../../main/rpc/client.ts';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { FlowsScreen } from './screens/flows-screen.ts';
import { themesInTurn } from './themes.ts';

const ALL = { sinceMs: null, untilMs: null, verdict: null, from: null, to: null, text: null };
const HEAD = '#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\thistory\n';
const row = (from: string, to: string, port: number) => `1795850000\t${from}\t50000\t${to}\t${port}\ttcp\tSF\tShADF\n`;
const LOG = `${HEAD}${row('198.18.7.7', '198.18.7.8', 9100)}${row('198.18.7.7', '198.18.7.9', 9200)}not a row at all\n`;

/** Writes a log beside the workspace, which is the folder that is shown first. */
async function writeLog(client: BackendClient, name: string, text: string): Promise<string> {
  const path = join(dirname((await client.workspace.info({})).path), name);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

async function importLog(client: BackendClient, path: string): Promise<void> {
  for await (const event of await client.flows.importLog({ path, format: null, dryRun: false })) if (event.type === 'done') expect(event.result.source?.id).toBe(1);
}

for (const theme of themesInTurn(5)) {
  test.describe(`logs in the ${theme} theme`, () => {
    test.use({ theme });

    test('a log is chosen from a folder and only read; axe finds nothing in the dialog', async ({ seeded: { page, client } }) => {
      await writeLog(client, 'conn.log.gz', LOG);
      const flows = new FlowsScreen(page);
      await flows.open();
      await page.getByRole('button', { name: 'Import logs' }).click();
      const dialog = flows.shell.dialog('Import flow logs');
      await expect(dialog.getByText('No log was imported into this workspace.')).toBeVisible();
      await expect(dialog.getByRole('button', { name: 'Import the log' })).toBeDisabled();
      await dialog.getByRole('button', { name: /^conn\.log\.gz/ }).click();
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByText('Only read it and say what it holds; store nothing').click();
      await dialog.getByRole('button', { name: 'Read the log' }).click();
      await expect(dialog.getByText('Only read: nothing was stored.')).toBeVisible();
      expect(await client.flows.sources({})).toEqual([]);
    });

    test('an imported log is told with what was refused; axe finds nothing in the result', async ({ seeded: { page, client } }) => {
      const path = await writeLog(client, 'conn.log.gz', LOG);
      const flows = new FlowsScreen(page);
      await flows.open('ask=import');
      const dialog = flows.shell.dialog('Import flow logs');
      await dialog.getByRole('textbox', { name: 'Log file' }).fill(path);
      await dialog.getByRole('button', { name: 'Import the log' }).click();
      const result = dialog.getByRole('region', { name: 'What the log holds' });
      await expect(result).toContainText('Stored as source 1.');
      await expect(result).toContainText('3 read, 2 taken, 1 left out');
      await expect(result.getByRole('table', { name: 'Rows that were left out' })).toContainText('not a row at all');
      await expect(result.getByRole('table', { name: 'Busiest conversations' })).toContainText('tcp/9100');
      expect(await axeFindings(page)).toEqual([]);
    });
  });
}

test('an imported log is listed, and taken out again with its flows; going back closes the dialog', async ({ seeded: { page, client } }) => {
  await importLog(client, await writeLog(client, 'conn.log.gz', LOG));
  const flows = new FlowsScreen(page);
  await flows.open('period=all&text=198.18.7.7');
  await expect(flows.rows).toHaveCount(3);
  await page.getByRole('button', { name: 'Import logs' }).click();
  const dialog = flows.shell.dialog('Import flow logs');
  await dialog.getByRole('button', { name: 'Remove conn.log.gz, source 1' }).click();
  await dialog.getByRole('button', { name: 'Remove its flows' }).click();
  await expect(dialog.getByText('No log was imported into this workspace.')).toBeVisible();
  await page.goBack();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'No flow matches' })).toBeVisible();
});

test('a log that is known, or is none, is refused with what to do', async ({ seeded: { page, client } }) => {
  const known = await writeLog(client, 'known.log', `${HEAD}${row('198.18.7.7', '198.18.7.8', 9100)}`);
  await importLog(client, known);
  await writeLog(client, 'letter.txt', 'Dear Sir or Madam,\n');
  const flows = new FlowsScreen(page);
  await flows.open('ask=import');
  const dialog = flows.shell.dialog('Import flow logs');
  const submit = dialog.getByRole('button', { name: 'Import the log' });
  await dialog.getByRole('textbox', { name: 'Log file' }).fill(known);
  await submit.click();
  await expect(dialog.getByRole('alert')).toContainText('source 1');
  await dialog.getByRole('button', { name: /^letter\.txt/ }).click();
  await submit.click();
  await expect(dialog.getByRole('alert')).toContainText('is in no format that is known');
  await dialog.getByRole('textbox', { name: 'Log file' }).fill('conn.log');
  await submit.click();
  await expect(dialog.getByRole('alert')).toContainText('begin it with / or ~/');
  expect(await client.flows.sources({})).toHaveLength(1);
});

test('the import of a large log shows how far it is and can be cancelled, and then nothing is stored', async ({ seeded: { page, client } }) => {
  const path = await writeLog(client, 'large.log', `${HEAD}${Array.from({ length: 600_000 }, (_, n) => row(`10.${n % 200}.${(n >> 8) & 255}.9`, `198.51.100.${n % 250}`, 1024 + (n % 50_000))).join('')}`);
  const flows = new FlowsScreen(page);
  await flows.open('ask=import');
  const dialog = flows.shell.dialog('Import flow logs');
  await dialog.getByRole('textbox', { name: 'Log file' }).fill(path);
  await dialog.getByRole('button', { name: 'Import the log' }).click();
  await expect(dialog.getByRole('status')).toContainText(/ of \d+ MB: /);
  await dialog.getByRole('button', { name: 'Cancel the import' }).click();
  await expect(dialog.getByText('Cancelled; nothing was stored.')).toBeVisible();
  expect(await client.flows.sources({})).toEqual([]);
});

test('all flows that match are saved as a file, with the progress where other commands have it', async ({ seeded: { page, client } }) => {
  const flows = new FlowsScreen(page);
  await flows.open('period=all');
  const { count } = await client.flows.count(ALL);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const path = await (await download).path();
  expect(readFileSync(path, 'utf8').trimEnd().split('\r\n')).toHaveLength(count + 1);
  await expect(page.getByRole('article', { name: 'Export flows as CSV' })).toContainText(`${count.toLocaleString('en')} flows in flows.csv.`);
});
