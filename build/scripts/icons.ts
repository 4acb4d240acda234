import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../../main/browser/find-chromium.ts';

/**
 * `node build/scripts/icons.ts`: draws build/icons/icon.svg in every size that a system asks for, and puts them into the containers of macOS and Windows. What it makes is kept in the
 * repository, because packing must not need a browser; electron-builder would fetch a tool for the same.
 */
const dir = new URL('../icons/', import.meta.url).pathname;
const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** Types of an icns that hold a PNG, by their width (Apple, “Icon Services”; 1024 is 512 at twice the density). */
const ICNS_TYPES: readonly (readonly [string, number])[] = [['icp4', 16], ['icp5', 32], ['icp6', 64], ['ic07', 128], ['ic08', 256], ['ic09', 512], ['ic10', 1024]];

async function drawAll(svg: string, sizes: readonly number[]): Promise<Map<number, Buffer>> {
  const browser = await chromium.launch({ executablePath: findChromium(process.env) ?? 'chromium', args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  try {
    const page = await browser.newPage();
    const drawn = new Map<number, Buffer>();
    for (const size of sizes) {
      await page.setViewportSize({ width: size, height: size });
      await page.setContent(`<style>body{margin:0}svg{width:${size}px;height:${size}px;display:block}</style>${svg}`);
      drawn.set(size, await page.screenshot({ omitBackground: true }));
    }
    return drawn;
  } finally {
    await browser.close();
  }
}

/** ICONDIR, an ICONDIRENTRY for each picture, the pictures; 0 stands for 256 (Microsoft, “Icons”). */
function makeIco(pictures: readonly (readonly [number, Buffer])[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [index, [size, png]] of pictures.entries()) {
    const at = 6 + 16 * index;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...pictures.map(([, png]) => png)]);
}

function makeIcns(pictures: readonly (readonly [string, Buffer])[]): Buffer {
  const parts = pictures.map(([type, png]) => {
    const head = Buffer.alloc(8);
    head.write(type, 'ascii');
    head.writeUInt32BE(8 + png.length, 4);
    return Buffer.concat([head, png]);
  });
  const head = Buffer.alloc(8);
  head.write('icns', 'ascii');
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 4);
  return Buffer.concat([head, ...parts]);
}

const drawn = await drawAll(readFileSync(join(dir, 'icon.svg'), 'utf8'), [...new Set([...LINUX_SIZES, ...ICO_SIZES, 1024])]);
const pictureOf = (size: number): Buffer => drawn.get(size) ?? Buffer.alloc(0);
rmSync(join(dir, 'linux'), { recursive: true, force: true });
mkdirSync(join(dir, 'linux'), { recursive: true });
for (const size of LINUX_SIZES) writeFileSync(join(dir, 'linux', `${size}x${size}.png`), pictureOf(size));
writeFileSync(join(dir, 'icon.ico'), makeIco(ICO_SIZES.map((size) => [size, pictureOf(size)])));
writeFileSync(join(dir, 'icon.icns'), makeIcns(ICNS_TYPES.map(([type, size]) => [type, pictureOf(size)])));
