import { describe, expect, test } from 'vitest';
import { contentSecurityPolicy, nonceMark, pageFile, pageHeaders, withNonce } from './page-policy.ts';

describe('files of the page', () => {
  test.each([
    ['/', 'index.html'],
    ['/index.html', 'index.html'],
    ['/assets/index-B1x_2.js', 'assets/index-B1x_2.js'],
    ['/assets/inter-latin-400-normal.woff2', 'assets/inter-latin-400-normal.woff2'],
  ])('%s is %s', (pathname, file) => {
    expect(pageFile(pathname)).toBe(file);
  });

  test.each([
    '/../package.json',
    '/assets/../../x.js',
    '/..%2f..%2fetc/passwd.js',
    '/%2e%2e/x.js',
    '//etc/x.js',
    '/a\\b.js',
    '/.git/config.json',
    '/a\0.js',
    '/assets/',
    '/x.map',
    '/x',
    '/constructor',
  ])('%j is refused', (pathname) => {
    expect(pageFile(pathname)).toBeNull();
  });
});

describe('policy of the page', () => {
  test('allows no inline script, no eval and no foreign origin', () => {
    const policy = contentSecurityPolicy('abc');
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("style-src 'self' 'nonce-abc'");
    expect(policy).toContain("require-trusted-types-for 'script'");
  });

  test('comes with every file, with its own type and nosniff', () => {
    expect(pageHeaders('a.js', 'n')).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': contentSecurityPolicy('n'),
    });
  });

  test('the nonce of a load is put wherever the build left its mark', () => {
    expect(withNonce(`<meta nonce="${nonceMark}"><link nonce="${nonceMark}">`, 'xyz')).toBe('<meta nonce="xyz"><link nonce="xyz">');
  });
});
