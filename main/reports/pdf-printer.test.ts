import { expect, test } from 'vitest';
import { oneAtATime } from './pdf-printer.ts';

/** A printer that ends a print when it is told to. */
function heldPrinter() {
  const running: { html: string; end: () => void; fail: () => void }[] = [];
  const printer = oneAtATime({
    print: (html) =>
      new Promise((resolve, reject) => {
        running.push({ html, end: () => resolve(new TextEncoder().encode(html)), fail: () => reject(new Error(`${html} failed`)) });
      }),
  });
  return { printer, running };
}

test('documents are printed one after the other, in the order in which they were asked for; one that fails holds up no other', async () => {
  const { printer, running } = heldPrinter();
  const [a, b, c] = ['a', 'b', 'c'].map((html) => printer.print(html));
  expect(running.map(({ html }) => html)).toEqual(['a']);
  running[0]?.fail();
  await expect(a).rejects.toThrow('a failed');
  await expect.poll(() => running.map(({ html }) => html)).toEqual(['a', 'b']);
  running[1]?.end();
  expect(new TextDecoder().decode(await b)).toBe('b');
  await expect.poll(() => running.length).toBe(3);
  running[2]?.end();
  await c;
});

test('who asks when many wait already is told so, and can ask again later', async () => {
  const { printer, running } = heldPrinter();
  const asked = Array.from({ length: 9 }, (_, n) => printer.print(String(n)));
  await expect(printer.print('more')).rejects.toThrow('8 reports wait to be printed already');
  for (let n = 0; n < 9; n += 1) {
    await expect.poll(() => running.length).toBe(n + 1);
    running[n]?.end();
    await asked[n];
  }
  const again = printer.print('again');
  await expect.poll(() => running.length).toBe(10);
  running[9]?.end();
  await again;
});
