import { expect, test } from 'vitest';
import { completeLock } from './complete-lock.ts';

const tool = { version: '1.0.0', dev: true, optionalDependencies: { '@x/cli-linux-x64-musl': '1.0.0', '@x/cli-darwin-arm64': '1.0.0', fsevents: '^2.0.0' } };

test('platform packages that npm left out are added with their platform, and ranges are left to npm', () => {
  const { lock, added } = completeLock({ lockfileVersion: 3, packages: { '': {}, 'node_modules/tool': tool } });
  expect(added).toEqual(['@x/cli-linux-x64-musl@1.0.0', '@x/cli-darwin-arm64@1.0.0']);
  expect(lock.packages).toEqual({
    '': {},
    'node_modules/@x/cli-darwin-arm64': { version: '1.0.0', cpu: ['arm64'], os: ['darwin'], dev: true, optional: true },
    'node_modules/@x/cli-linux-x64-musl': { version: '1.0.0', cpu: ['x64'], libc: ['musl'], os: ['linux'], dev: true, optional: true },
    'node_modules/tool': tool,
  });
});

test('a complete lock file stays as it is', () => {
  const first = completeLock({ packages: { 'node_modules/tool': tool } }).lock;
  expect(completeLock(first)).toEqual({ lock: first, added: [] });
});

test('what npm did put in is not touched', () => {
  const packages = { 'node_modules/tool': tool, 'node_modules/@x/cli-linux-x64-musl': { version: '1.0.0', optional: true, integrity: 'sha512-x' } };
  expect(completeLock({ packages }).lock.packages['node_modules/@x/cli-linux-x64-musl']).toEqual(packages['node_modules/@x/cli-linux-x64-musl']);
});
