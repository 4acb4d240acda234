import { readFile } from 'node:fs/promises';
import type { ReportsScreen as Screen } from './screens/reports-screen.ts';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './console-test.ts';
import { ReportsScreen } from './screens/reports-screen.ts';
import { themesInTurn } from './themes.ts';

async function save(reports: Screen, name: string): Promise<{ fileName: string; bytes: Buffer }> {
  const download = reports.page.waitForEvent('download');
  await reports.button(name).click();
  const file = await download;
  return { fileName: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

for (const theme of themesInTurn(19)) {
  test.describe(`reports in the ${theme} theme`, () => {
    test.use({ theme });

    test('the preview is the document, limits first, with its drawings and its style', async ({ seeded }) => {
      const reports = new ReportsScreen(seeded.page);
      await reports.shell.goTo('Reports');
      const whole = reports.preview('Segmentation evidence');
      await expect(whole.getByRole('heading', { level: 1, name: 'Segmentation evidence' })).toBeVisible();
      await expect(whole.getByRole('heading', { level: 2 }).first()).toHaveText('Read this first: the limits of this evidence');
      await expect(whole.getByRole('img', { name: /^Matrix of/ })).toBeVisible();
      await expect(whole.locator('body')).toHaveCSS('max-width', /^68\d/);
      await reports.choose('Rule dossier');
      await expect(
        reports
          .preview('Rule dossier')
          .getByRole('cell', { name: /^allow .* on / })
          .first(),
      ).toBeVisible();
      // No script runs in the preview, axe's neither: it would only complain of that.
      await seeded.page.locator('iframe').evaluate((frame) => frame.remove());
      expect(await axeFindings(seeded.page)).toEqual([]);
    });
  });
}

test('what is shown is saved as PDF and as CSV, named by what it is and of when', async ({ seeded }) => {
  const reports = new ReportsScreen(seeded.page);
  await reports.shell.goTo('Reports');
  await reports.choose('Inventory and coverage');
  await expect(reports.preview('Inventory and coverage').getByRole('heading', { level: 1 })).toHaveText('Inventory and coverage');
  const csv = await save(reports, 'Save CSV');
  expect(csv.fileName).toMatch(/^firebreak-inventory-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.csv$/);
  expect(csv.bytes.toString('utf8').split('\r\n')[0]).toMatch(/^host,managed,zone,labels,/);
  const pdf = await save(reports, 'Save PDF');
  expect(pdf.fileName).toBe(csv.fileName.replace(/csv$/, 'pdf'));
  expect(pdf.bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
});

test('a framework is chosen where it means something, and stands in the address', async ({ seeded }) => {
  const reports = new ReportsScreen(seeded.page);
  await reports.shell.goTo('Reports');
  await reports.choose('Evidence by framework');
  await seeded.page.getByRole('button', { name: /Framework$/ }).click();
  await seeded.page.getByRole('option', { name: 'SOC 2, Trust Services Criteria' }).click();
  const preview = reports.preview('Evidence by framework');
  await expect(preview.getByRole('heading', { level: 1 })).toHaveText('Evidence for SOC 2, Trust Services Criteria');
  await expect(preview.getByRole('rowheader', { name: 'CC6.6' })).toBeVisible();
  expect(seeded.page.url()).toContain('framework=soc-2');
});

test('a browser without a sanitizer says that it shows no preview, and saves the report all the same', async ({ seeded }) => {
  await seeded.page.evaluate(() => Reflect.deleteProperty(Element.prototype, 'setHTML'));
  const reports = new ReportsScreen(seeded.page);
  await reports.shell.goTo('Reports');
  await expect(seeded.page.getByRole('heading', { name: 'This browser shows no preview' })).toBeVisible();
  const pdf = await save(reports, 'Save PDF');
  expect(pdf.bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
});
