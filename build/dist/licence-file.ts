import type { ShippedPackage } from './shipped-packages.ts';

const line = '='.repeat(100);

/** The text file with the licences of everything that is in the product; one heading a package, each licence whole. */
export function licenceFile(packages: readonly ShippedPackage[]): string {
  const list = packages.map(({ name, version, licence }) => `  ${name} ${version} (${licence})`);
  const bodies = packages.map(({ name, version, texts }) => [line, `${name} ${version}`, line, ...texts.map(({ file, text }) => `\n--- ${file} ---\n\n${text}`)].join('\n'));
  return [
    'Firebreak is licensed under Apache-2.0 (see LICENSE). It contains the following work of others, each under its own licence, whose text follows.',
    'What Electron itself is made of is in LICENSES.chromium.html, beside the program.',
    '',
    ...list,
    '',
    bodies.join('\n\n'),
    '',
  ].join('\n');
}
