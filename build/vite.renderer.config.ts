import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { nonceMark } from '../shared/window/page-policy.ts';

/** The page of both windows → out/renderer. It is served with a nonce of its own a load, put where `nonceMark` stands. */
export default defineConfig({
  root: new URL('../renderer', import.meta.url).pathname,
  base: './',
  plugins: [react()],
  html: { cspNonce: nonceMark },
  clearScreen: false,
  logLevel: 'warn',
  build: {
    outDir: new URL('../out/renderer', import.meta.url).pathname,
    emptyOutDir: true,
    target: 'chrome140',
    minify: true,
    // Data URLs for fonts would need `font-src data:`; files are served anyway.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  worker: { format: 'es' },
});
