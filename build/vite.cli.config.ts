import { builtinModules } from 'node:module';
import type { InlineConfig, Plugin } from 'vite';

const fileOf = (path: string) => new URL(path, import.meta.url).pathname;

/**
 * ssh2 tries its optional native parts and goes on without them. They are bound to one ABI and not packaged (LIBRARIES.md P3); a packaged program must
 * not look for them in the folders above itself either, where others may write.
 */
function leaveOutNativeParts(): Plugin {
  const absent = '\0firebreak-not-packaged';
  return {
    name: 'firebreak-leave-out-native-parts',
    enforce: 'pre',
    resolveId: (source) => (source === 'cpu-features' || source.endsWith('/sshcrypto.node') ? absent : null),
    load: (id) => (id === absent ? "throw new Error('not packaged'); module.exports = {};" : null),
  };
}

/**
 * The command line as one CommonJS file for Node's single executables, whose `require` gives built-in modules only: the first line gives it one that
 * finds the folders beside the program. Source: https://nodejs.org/api/single-executable-applications.html
 */
export function cliBuild(outDir: string, plugins: Plugin[] = []): InlineConfig {
  return {
    root: fileOf('..'),
    configFile: false,
    clearScreen: false,
    logLevel: 'warn',
    plugins: [leaveOutNativeParts(), ...plugins],
    resolve: { conditions: ['node', 'import', 'module', 'default'], mainFields: ['module', 'main'] },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      ssr: fileOf('../main/cli/main.ts'),
      rolldownOptions: {
        external: ['playwright-core', ...builtinModules, /^node:/],
        output: {
          format: 'cjs',
          entryFileNames: 'firebreak.cjs',
          // Where it lies beside the program, so that it is not looked for in folders above, where others may write.
          paths: { 'playwright-core': '../playwright-core/index.js' },
          codeSplitting: false,
          // A sealed program has no place of its own that `import()` could start from.
          dynamicImportInCjs: false,
          banner: 'require = require("node:module").createRequire(__filename);',
        },
      },
    },
    ssr: { noExternal: true, external: ['playwright-core'] },
  };
}
