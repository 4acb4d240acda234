import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BackendClient } from '../../main/rpc/client.ts';
import { HISTORIAN, HMI, importBundles, machineBundle, PLC, readStick, writeBundles, writeReceipt } from '../seed/carry-bundles.ts';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { AirgapScreen } from './screens/airgap-screen.ts';
import { themesInTurn } from './themes.ts';

const folderOf = async (client: BackendClient): Promise<string> => dirname((await client.workspace.info({})).path);

/** A stick that the console made, beside its workspace. */
async function makeStick(client: BackendClient) {
  const folder = join(await folderOf(client), 'stick');
  const { id } = await client.bundles.makeKit({ folder });
  return { folder, stick: readStick(folder, id) };
}

for (const theme of themesInTurn(0)) {
  test.describe(`air-gapped sites in the ${theme} theme`, () => {
    test.use({ theme });

    test('a stick is made in a folder that one chooses, and is listed; axe finds nothing', async ({ empty: { page, client } }) => {
      const screen = new AirgapScreen(page);
      await screen.open();
      await expect(page.getByRole('heading', { name: 'No host is reached by stick yet' })).toBeVisible();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Control+k');
      await page.keyboard.type('make a stick');
      await page.keyboard.press('Enter');
      const dialog = screen.shell.dialog('Make a stick');
      const submit = dialog.getByRole('button', { name: 'Make the stick' });
      await expect(submit).toBeDisabled();
      await dialog.getByRole('button', { name: 'Choose this folder' }).click();
      await submit.click();
      await expect(dialog.getByRole('alert')).toContainText('is not empty');
      expect(await axeFindings(page)).toEqual([]);
      const folder = join(await folderOf(client), 'usb');
      await dialog.getByRole('textbox', { name: 'Folder, new or empty' }).fill(folder);
      await submit.click();
      await expect(dialog).toContainText(`files in ${folder}.`);
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      const [kit] = await client.bundles.kits({});
      await expect(screen.kits.getByRole('row', { name: new RegExp(kit?.id ?? 'none') })).toBeVisible();
      await screen.kits.getByRole('button', { name: `Forget ${kit?.id ?? ''}` }).click();
      await screen.kits.getByRole('button', { name: 'Refuse its bundles from now on' }).click();
      await expect(screen.kits).toContainText('No stick was made from this workspace.');
    });

    test('bundles are told before they are imported, then imported, what is refused with its reason and what is unsigned with its mark', async ({ empty: { page, client } }) => {
      const { folder, stick } = await makeStick(client);
      await writeBundles(join(folder, 'collected'), [machineBundle(PLC, stick), machineBundle(HMI, null)]);
      writeFileSync(join(folder, 'collected/letter.tar.gz'), 'Dear Sir or Madam');
      const screen = new AirgapScreen(page);
      await screen.open();
      const dialog = await screen.lookAt('Import bundles', 'Bundle, or folder of bundles', join(folder, 'collected'));
      await expect(dialog).toContainText('2 would be imported (1 UNSIGNED), 0 known already, 1 refused.');
      const told = dialog.getByRole('list', { name: 'What would become of each bundle' });
      await expect(told.getByRole('listitem').first()).toContainText('letter.tar.gz: it is no gzip file');
      await expect(told).toContainText('a new host hmi-1, UNSIGNED');
      expect(await axeFindings(page)).toEqual([]);
      expect(await client.bundles.list({})).toEqual([]);
      await dialog.getByRole('button', { name: 'Import 2 bundles' }).click();
      await expect(dialog).toContainText('2 imported (1 UNSIGNED), 0 known already, 1 refused.');
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      await expect(screen.lastImport).toContainText('letter.tar.gz: it is no gzip file, which every bundle is.');
      await expect(screen.sites).toHaveCount(2);
      await expect(screen.station('plc-1', 'Bundle imported')).toContainText('Signed');
      await expect(screen.station('plc-1', 'Bundle imported')).toContainText('rules: ruleset.nft');
      await expect(screen.station('hmi-1', 'Bundle imported')).toContainText('UNSIGNED');
      await expect(screen.station('hmi-1', 'Stick made')).toContainText('No stick of ours');
      await expect(page.getByText('2 hosts, 1 UNSIGNED')).toBeVisible();
      await page.getByText('Its bundle', { exact: true }).first().click();
      expect(await axeFindings(page)).toEqual([]);
    });

    test('policy goes to the stick and its receipt comes back: the track says each step', async ({ empty: { page, client } }) => {
      const { folder, stick } = await makeStick(client);
      await writeBundles(join(folder, 'collected'), [machineBundle(PLC, stick), machineBundle({ name: 'localhost', n: 4, address: '10.9.0.20', ports: [80], order: { machineId: '' } }, stick)]);
      await importBundles(client, join(folder, 'collected'));
      const screen = new AirgapScreen(page);
      await screen.open();
      await expect(screen.station('localhost', 'Policy exported')).toContainText('Not possible');
      await page.getByRole('button', { name: 'Export policy: plc-1' }).click();
      const dialog = screen.shell.dialog('Export policy to a stick');
      await expect(dialog.getByRole('row', { name: /localhost/ })).toContainText('has no machine id');
      await dialog.getByRole('textbox', { name: 'Why, for the version' }).fill('first rules');
      await dialog.getByRole('textbox', { name: 'Folder of the stick' }).fill(folder);
      expect(await axeFindings(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Export for 1 host' }).click();
      await expect(dialog).toContainText('Version 1 is on the stick for 1 host');
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      await expect(screen.station('plc-1', 'Policy exported')).toContainText('“first rules”');
      await expect(screen.station('plc-1', 'Receipt imported')).toContainText('Not yet');
      await writeReceipt(folder, 'plc-1', stick);
      await writeBundles(join(folder, 'receipts'), [machineBundle(HISTORIAN, stick)]);
      const receipts = await screen.lookAt('Import receipts', 'Receipt, or folder of receipts', join(folder, 'receipts'));
      await expect(receipts).toContainText('1 would be taken, 1 refused.');
      expect(await axeFindings(page)).toEqual([]);
      await receipts.getByRole('button', { name: 'Take 1 receipt' }).click();
      await expect(receipts.getByRole('list', { name: 'What became of each receipt' })).toContainText('it is a collection and no receipt');
      await receipts.getByRole('button', { name: 'Close' }).last().click();
      await expect(screen.station('plc-1', 'Receipt imported')).toContainText('Confirmed');
      await expect(screen.sites.filter({ hasText: 'plc-1' })).toContainText('Next: Nothing: it runs what the draft says.');
      expect(await axeFindings(page)).toEqual([]);
    });

    test('files and bundles are audited: limits first, findings, hosts, blind spots; axe finds nothing', async ({ empty: { page, client } }) => {
      const { folder, stick } = await makeStick(client);
      await writeBundles(join(folder, 'collected'), [machineBundle(PLC, stick), machineBundle(HMI, null), machineBundle(HISTORIAN, stick)]);
      await importBundles(client, join(folder, 'collected'));
      mkdirSync(join(folder, 'rules'));
      writeFileSync(join(folder, 'rules/web1.rules.v4'), '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\n');
      const screen = new AirgapScreen(page);
      await screen.open('view=audit');
      await expect(page.getByRole('heading', { name: 'Nothing was audited yet' })).toBeVisible();
      await screen.add('Add rules', 'Add rules or an inventory', 'File or folder', join(folder, 'rules'));
      await screen.button('Audit').click();
      await expect(page.getByRole('region', { name: 'What this audit does not know' })).toContainText('nobody SIGNED');
      await expect(screen.findings.getByRole('table', { name: 'What a default deny would cut: flows that no rule names' })).toContainText('tcp/1433');
      await screen.showFindings(/^Services that listen to everyone, and were never used/);
      const unused = screen.findings.getByRole('table', { name: 'Services that listen to everyone, and were never used' });
      await expect(unused.getByRole('row', { name: /tcp\/5900/ })).toContainText('UNSIGNED');
      await expect(unused).toContainText('tcp/8080');
      await screen.showFindings(/^Blind spots/);
      await expect(screen.findings.getByRole('table', { name: 'Blind spots' })).toContainText('the table filter ends without COMMIT');
      expect(await axeFindings(page)).toEqual([]);
      await page.getByRole('table', { name: 'Hosts of the audit' }).getByRole('button', { name: 'plc-1' }).click();
      const host = screen.shell.dialog('plc-1');
      await expect(host.getByRole('table', { name: 'What listens' }).getByRole('row', { name: /tcp\/1883/ })).toContainText('everyone, not for certain');
      await expect(host.getByRole('table', { name: 'What its rules let in' })).toContainText('everyone: 0.0.0.0/0');
      expect(await axeFindings(page)).toEqual([]);
    });
  });
}

test('an audit is saved as PDF and as CSV', async ({ empty: { page, client } }) => {
  const path = join(await folderOf(client), 'web1.nft');
  writeFileSync(path, 'table inet f {\n chain input { type filter hook input priority 0; policy drop; tcp dport 80 accept; }\n}\n');
  const screen = new AirgapScreen(page);
  await screen.open('view=audit');
  await screen.add('Add rules', 'Add rules or an inventory', 'File or folder', path);
  await screen.button('Audit').click();
  const save = async (name: string) => {
    const download = page.waitForEvent('download');
    await screen.button(name).click();
    const file = await download;
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };
  const csv = await save('Save CSV');
  expect(csv.name).toMatch(/^firebreak-offline-audit-\d{4}-\d\d-\d\d-hosts\.csv$/);
  expect(csv.bytes.toString('utf8')).toMatch(/\r\nweb1,/);
  const pdf = await save('Save PDF');
  expect(pdf.name).toMatch(/^firebreak-offline-audit-\d{4}-\d\d-\d\d\.pdf$/);
  expect(pdf.bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
});

test('an audit of nothing that is known is refused with what to give', async ({ empty: { page, client } }) => {
  const letter = join(await folderOf(client), 'letter.txt');
  writeFileSync(letter, 'Dear Sir or Madam,\n');
  const screen = new AirgapScreen(page);
  await screen.open('view=audit');
  await screen.button('Audit').click();
  await expect(page.getByRole('alert')).toContainText('no bundle was imported into this workspace');
  await screen.add('Add rules', 'Add rules or an inventory', 'File or folder', letter);
  await screen.button('Audit').click();
  await expect(page.getByRole('alert')).toContainText('it is in no format that is known');
});

test('the import of many bundles shows how far it is and can be cancelled; what was read before stays', async ({ empty: { page, client } }) => {
  const { folder, stick } = await makeStick(client);
  const many = 400;
  await writeBundles(join(folder, 'collected'), Array.from({ length: many }, (_, n) => machineBundle({ name: `plc-${n}`, n: 1, address: `10.10.${n >> 8}.${n & 255}`, ports: [22], order: { machineId: n.toString(16).padStart(32, '0') } }, stick)));
  const screen = new AirgapScreen(page);
  await screen.open();
  const dialog = await screen.lookAt('Import bundles', 'Bundle, or folder of bundles', join(folder, 'collected'));
  await dialog.getByRole('button', { name: `Import ${many} bundles` }).click();
  await expect(dialog.getByRole('status')).toContainText(/^\d+ of 400: /);
  await dialog.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(dialog.getByText('Cancelled; what was read before that is stored.')).toBeVisible();
  expect((await client.bundles.list({})).length).toBeLessThan(many);
});

test('machines of one name without an id stand apart, and say so', async ({ empty: { page, client } }) => {
  const { folder, stick } = await makeStick(client);
  const nameless = (address: string) => machineBundle({ name: 'localhost', n: 4, address, ports: [80], order: { machineId: '' } }, stick);
  await writeBundles(join(folder, 'collected'), [nameless('10.9.0.20'), nameless('10.9.0.21')]);
  await importBundles(client, join(folder, 'collected'));
  const screen = new AirgapScreen(page);
  await screen.open();
  await expect(screen.station('localhost', 'Bundle imported')).toContainText('Others call themselves the same: localhost-2.');
  await expect(screen.station('localhost-2', 'Bundle imported')).toContainText('no machine id');
  await page.getByText('Its bundle', { exact: true }).last().click();
  await page.getByRole('button', { name: 'Remove bundle 2' }).click();
  await page.getByRole('button', { name: 'Remove it and its flows' }).click();
  await expect(screen.sites).toHaveCount(1);
});

test('going back closes a dialog of the palette, and the address opens it', async ({ empty: { page } }) => {
  const screen = new AirgapScreen(page);
  await screen.open();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('receipts from a stick');
  await page.keyboard.press('Enter');
  const dialog = screen.shell.dialog('Import receipts');
  await dialog.waitFor();
  await page.goBack();
  await expect(dialog).toHaveCount(0);
  await screen.open('ask=import');
  await expect(screen.shell.dialog('Import bundles')).toBeVisible();
});
