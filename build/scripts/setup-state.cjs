/*
 * Says whether node_modules is what package-lock.json asks for: prints nothing (exit 0), or the reason why not (exit 3).
 * Runs on whatever Node the machine has (CommonJS, nothing newer than Node 12), because it runs before the set-up.
 * Source: `npm ci` leaves node_modules/.package-lock.json, with the version of everything that it put there.
 */
'use strict';
const fs = require('fs');
const path = require('path');

const root = path.join(__dirname, '..', '..');

function packagesOf(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function reason() {
  const wanted = packagesOf(path.join(root, 'package-lock.json'));
  if (wanted === null) return 'package-lock.json is missing';
  const installed = packagesOf(path.join(root, 'node_modules', '.package-lock.json'));
  if (installed === null) return 'node_modules is missing';
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '' || entry.link) continue;
    const have = installed[name];
    // What is for another system or CPU is in the lock file and rightly not on this disk.
    if (have === undefined && entry.optional) continue;
    if (have === undefined) return `${name.replace('node_modules/', '')} is not installed`;
    if (have.version !== entry.version) return `${name.replace('node_modules/', '')} is ${have.version} and should be ${entry.version}`;
  }
  if (!fs.existsSync(path.join(root, 'node_modules', '.bin', 'node'))) return 'the pinned Node is missing';
  return '';
}

const text = reason();
if (text !== '') {
  process.stdout.write(`${text}\n`);
  process.exitCode = 3;
}
