import { builtinModules } from 'node:module';
import type { InlineConfig, Plugin } from 'vite';

const fileOf = (path: string) => new URL(path, import.meta.url).pathname;

/** Native, or not to be bundled: they are the `dependencies` of package.json, which electron-builder packs beside the bundle. */
const external = ['electron', 'better-sqlite3', 'ssh2', ...builtinModules, /^node:/];

/** One entry a build, because a sandboxed preload has to be one file that requires nothing but `electron`. */
export function electronBuild(entry: 'index' | 'preload' | 'backend-process', outDir = fileOf('../out/main'), plugins: Plugin[] = []): InlineConfig {
  return {
    root: fileOf('..'),
    configFile: false,
    clearScreen: false,
    logLevel: 'warn',
    plugins,
    resolve: { conditions: ['node', 'import', 'module', 'default'], mainFields: ['module', 'main'] },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      ssr: fileOf(`../main/electron/${entry}.ts`),
      rolldownOptions: {
        external,
        output: { format: 'cjs', entryFileNames: `${entry}.cjs`, codeSplitting: false },
      },
    },
    ssr: { noExternal: true, external: ['electron', 'better-sqlite3', 'ssh2'] },
  };
}
