import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';

/** Files of node_modules that went into a bundle, absolute; what tree shaking left nothing of is not among them. */
export type ModuleSink = Set<string>;

const isPackaged = (path: string): boolean => path.includes('/node_modules/') && !path.startsWith('\0');

/** Fills `sink` with what really is in the bundles that this build writes: code, style sheets, and files such as fonts. */
export function recordModules(sink: ModuleSink, root: string): Plugin {
  return {
    name: 'firebreak-record-modules',
    // Style sheets are no modules of a chunk any more when it is written.
    transform: (_code, id) => {
      const path = id.replace(/\?.*$/, '');
      if (isPackaged(path) && path.endsWith('.css')) sink.add(path);
      return null;
    },
    generateBundle: (_options, bundle) => {
      for (const file of Object.values(bundle)) {
        const paths = file.type === 'chunk' ? shippedModules(file.modules) : file.originalFileNames.map((name) => resolve(join(root, name)));
        for (const path of paths) if (isPackaged(path)) sink.add(path.replace(/\?.*$/, ''));
      }
    },
  };
}

/** Ids of virtual modules begin with a zero byte and may carry the file that they stand for. */
const shippedModules = (modules: Readonly<Record<string, { renderedLength: number }>>): string[] =>
  Object.entries(modules)
    .filter(([, { renderedLength }]) => renderedLength > 0)
    .map(([id]) => id.replace(/^\0/, ''));
