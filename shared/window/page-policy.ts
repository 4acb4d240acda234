/** Stands in the built index.html wherever the nonce of a load belongs. */
export const nonceMark = 'FIREBREAK-STYLE-NONCE';

/**
 * The policy of our one page: nothing but its own files, no inline script, no eval, DOM sinks behind Trusted Types. Styles may also
 * come inline with the load's nonce, because Cytoscape and React Aria put `<style>` elements into the page.
 * Source: LIBRARIES.md section 2; W3C CSP 3.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types firebreak-worker',
  ].join('; ');
}

const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff: 'font/woff',
  woff2: 'font/woff2',
};

/**
 * Path of a URL → file below the folder of the built page, with `/`; null for everything that could leave the folder or is of
 * no kind that we ship. Percent signs are refused instead of decoded: no file of ours has a name that needs one.
 */
export function pageFile(pathname: string): string | null {
  if (pathname === '/' || pathname === '') return 'index.html';
  const file = pathname.replace(/^\//, '');
  if (!/^(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*\/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*$/.test(file)) return null;
  return Object.hasOwn(contentTypes, extensionOf(file)) ? file : null;
}

const extensionOf = (file: string) => file.slice(file.lastIndexOf('.') + 1);

/** Headers of one file of the page. `file` is what `pageFile` gave. */
export function pageHeaders(file: string, nonce: string): Record<string, string> {
  return {
    'content-type': contentTypes[extensionOf(file)] ?? 'application/octet-stream',
    'content-security-policy': contentSecurityPolicy(nonce),
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), midi=(), display-capture=(), payment=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
}

/** The built index.html with the nonce of this load; other files as they are. */
export const withNonce = (page: string, nonce: string): string => page.replaceAll(nonceMark, nonce);

/** Chromium's `host-resolver-rules`: every name is unknown, so nothing in the browser asks a resolver. Source: Chromium, net/dns/mapped_host_resolver.h. */
export const noNamesRule = 'MAP * ~NOTFOUND';
