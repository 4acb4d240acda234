import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { MapScreen } from './screens/map-screen.ts';
import { themesInTurn } from './themes.ts';

async function open(page: Page): Promise<MapScreen> {
  const map = new MapScreen(page);
  await map.shell.goTo('Map');
  await map.drawn();
  return map;
}

test('zones open into what is in them and shut again, by panel, key and the way back', async ({ seeded: { page } }) => {
  const map = await open(page);
  await expect(map.choice('Hosts')).toBeChecked();
  await map.choice('Zones').click();
  await page.keyboard.press('t');
  await map.table.getByRole('button', { name: 'shop-front', exact: true }).first().click();
  await expect(map.node).toContainText('6 hosts');
  await map.node.getByRole('button', { name: 'Expand shop-front' }).click();
  await expect(map.group).toContainText('6 hosts');
  await expect(map.table.getByRole('button', { name: 'lb-1', exact: true }).first()).toBeVisible();
  expect(page.url()).toContain('shop-front');
  await map.group.getByRole('button', { name: 'Collapse shop-front' }).click();
  await expect(map.table.getByRole('button', { name: 'lb-1', exact: true })).toHaveCount(0);
  await page.goBack();
  await expect(map.table.getByRole('button', { name: 'lb-1', exact: true }).first()).toBeVisible();
});

test('live and draft are one key apart, and what differs is marked', async ({ seeded: { page, client } }) => {
  const map = await open(page);
  await expect(map.choice('Live')).toBeChecked();
  for (const each of (await client.policy.get({})).policy.rules) await client.policy.removeRule({ id: each.id });
  await page.keyboard.press('d');
  await expect(map.choice('Draft')).toBeChecked();
  await expect(page.getByText(/; the draft changes \d+$/)).toBeVisible();
  await page.keyboard.press('t');
  await expect(map.table.getByRole('columnheader', { name: 'Draft verdict' })).toBeVisible();
  await page.keyboard.press('d');
  await expect(map.choice('Live')).toBeChecked();
});

test('a host is found by its address, with its groups opened, and its neighbourhood is listed', async ({ seeded: { page } }) => {
  const map = await open(page);
  await map.choice('Zones').click();
  await page.keyboard.press('f');
  await expect(map.find).toBeFocused();
  await page.keyboard.type('10.20.1.43');
  await page.getByRole('option', { name: /crm-db-1/ }).click();
  await expect(map.node.getByRole('heading', { level: 2, name: 'crm-db-1' })).toBeVisible();
  await expect(map.node).toContainText('crm-app-1');
  await map.node.getByRole('button', { name: 'Collapse crm' }).click();
  await expect(map.node.getByRole('heading', { level: 2, name: 'crm' })).toBeVisible();
});

test('filters stand in the address and are there again after a reload', async ({ seeded: { page } }) => {
  const map = await open(page);
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByRole('textbox', { name: 'Service' }).fill('5432');
  await page.getByRole('textbox', { name: 'Either end' }).fill('role=db,app=shop');
  await page.keyboard.press('Escape');
  await expect(page.getByText(/\d+ of \d+ conversations/)).toBeVisible();
  expect(page.url()).toContain('service=');
  await page.reload();
  await map.drawn();
  await expect(page.getByRole('button', { name: 'Filters (2)' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Service' })).toHaveValue('5432');
  await page.getByRole('textbox', { name: 'Either end' }).fill('host:nobody');
  await expect(page.getByRole('alert').or(page.getByText(/there is no host “nobody”/)).first()).toBeVisible();
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByRole('button', { name: 'Filters', exact: true })).toBeVisible();
});

test('hubs are told by badges until their lines are drawn', async ({ seeded: { page } }) => {
  const map = await open(page);
  await page.getByPlaceholder('Filter the map').fill('tcp/9100');
  await page.getByPlaceholder('Filter the map').blur();
  await page.keyboard.press('t');
  await expect(map.row('mon-1', 'db-2')).toHaveCount(0);
  await page.getByRole('button', { name: /^Hubs \(/ }).click();
  await page.getByRole('checkbox', { name: /Draw Monitoring/ }).press('Space');
  await page.keyboard.press('Escape');
  await expect(map.row('mon-1', 'db-2')).toHaveCount(1);
});

test('all that a box takes in becomes draft rules together', async ({ seeded: { page, client } }) => {
  const map = await open(page);
  const before = (await client.policy.get({})).policy.rules.length;
  const box = await map.picture.boundingBox();
  if (box === null) throw new Error('the map has no box');
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + 2, box.y + 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
  await page.mouse.move(box.x + box.width - 2, box.y + box.height - 2, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await map.selection.getByRole('button', { name: /^Draft rules for \d+ connections$/ }).click();
  const dialog = map.shell.dialog(/^Draft rules for/);
  await expect(dialog.getByRole('checkbox').first()).toBeChecked();
  const submit = dialog.getByRole('button', { name: /^Add \d+ rules? to draft$/ });
  const added = Number(/\d+/.exec((await submit.textContent()) ?? '')?.[0]);
  expect(await axeFindings(page)).toEqual([]);
  await submit.click();
  await expect(dialog).toHaveCount(0);
  expect((await client.policy.get({})).policy.rules.length).toBe(before + added);
});

test('what is shown leaves as picture, drawing and rows', async ({ seeded: { page } }) => {
  await open(page);
  const save = async (what: string) => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: what }).click();
    return readFileSync(await (await download).path());
  };
  expect((await save('Picture (PNG)')).subarray(1, 4).toString()).toBe('PNG');
  const svg = (await save('Drawing (SVG)')).toString();
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(svg).toContain('>queue-1</text>');
  expect(svg).not.toContain('NaN');
  expect((await save('Connections (CSV)')).toString()).toMatch(/^from,from_kind,from_zone,to,/);
});

for (const theme of themesInTurn(12)) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ theme });

    test('axe finds nothing on the map by zones, with its filters, a group opened and the table', async ({ seeded: { page } }) => {
      const map = await open(page);
      await map.choice('Zones').click();
      await page.getByRole('button', { name: 'Filters' }).click();
      await page.keyboard.press('d');
      await map.find.fill('shop-front');
      await page.getByRole('option', { name: /shop-front/ }).click();
      await map.node.getByRole('button', { name: 'Expand shop-front' }).click();
      await map.group.waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await map.choice('Table').click();
      await map.table.waitFor();
      expect(await axeFindings(page)).toEqual([]);
    });
  });
}
