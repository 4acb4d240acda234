/**
 * The layer table of STYLE.md as data. Type-only imports obey it too. Test files may import anything below the root
 * (they join layers on purpose), but cycles are refused everywhere.
 */
export type Layer = {
  readonly name: string;
  /** Repository paths that belong to it. The first layer that fits is the one. */
  readonly files: RegExp;
  /** Repository paths that it may import, its own folder included. */
  readonly mayImport: readonly RegExp[];
  /** Whether Node's own modules may be imported. */
  readonly node: boolean;
  /** Packages that it may import; null leaves that to `packageOwners`. */
  readonly packages: readonly string[] | null;
};

const shared = /^shared\//;
const reportsPort = /^main\/reports\/pdf-printer\.ts$/;
const compositionRoot = /^main\/(cli\/main|electron\/backend-process)\.ts$/;
const rpcPort = /^main\/rpc\/port\.ts$/;

const data = (folder: 'db' | 'ssh' | 'reports' | 'imports' | 'forward' | 'log'): Layer => ({
  name: `main/${folder}`,
  files: new RegExp(`^main/${folder}/`),
  mayImport: [shared, new RegExp(`^main/${folder}/`)],
  node: true,
  packages: null,
});

export const layers: readonly Layer[] = [
  {
    name: 'shared',
    files: shared,
    mayImport: [shared],
    node: false,
    packages: ['zod', 'yaml', 'ipaddr.js', '@noble/hashes', 'croner', '@orpc/contract', 'date-fns', 'diff'],
  },
  data('db'),
  data('ssh'),
  data('reports'),
  data('imports'),
  data('forward'),
  data('log'),
  { name: 'main/services', files: /^main\/services\//, mayImport: [shared, /^main\/(db|ssh|reports|imports|forward|log|services)\//], node: true, packages: null },
  // The generated sample is written through stores and services, and is no service itself.
  { name: 'main/sample', files: /^main\/sample\//, mayImport: [shared, /^main\/(db|services|sample)\//], node: true, packages: null },
  { name: 'main/rpc', files: /^main\/rpc\//, mayImport: [shared, /^main\/(services|sample|rpc)\//], node: true, packages: null },
  // Where a program is put together: the one file of a door that knows the backend and its database.
  {
    name: 'composition root',
    files: compositionRoot,
    mayImport: [shared, /^main\/(db|log|services|sample|rpc|cli|browser|reports)\//, /^main\/electron\/(main-port|ask-keychain)\.ts$/],
    node: true,
    packages: null,
  },
  { name: 'main/cli', files: /^main\/cli\//, mayImport: [shared, /^main\/(rpc|cli)\//], node: true, packages: null },
  { name: 'main/electron', files: /^main\/electron\//, mayImport: [shared, /^main\/(electron|log)\//, rpcPort, reportsPort], node: true, packages: null },
  { name: 'main/browser', files: /^main\/browser\//, mayImport: [shared, /^main\/browser\//, rpcPort, reportsPort], node: true, packages: null },
  { name: 'renderer', files: /^renderer\//, mayImport: [shared, /^renderer\//], node: false, packages: null },
];

/** Builders and fakes for tests; what ships imports none of it. */
export const isTestSupport = (path: string): boolean => path.includes('/testing/');

/** Tests join layers on purpose. */
export const isTest = (path: string): boolean => /(\.test|-test|\.test-prop|\.spec)\.tsx?$/.test(path);

/** Packages with one home; everywhere else they are refused. `e2e/` and `build/` are listed only where they need one. */
export const packageOwners: ReadonlyMap<string, readonly RegExp[]> = new Map([
  ['better-sqlite3', [/^main\/db\//]],
  // e2e/fakehost is an SSH *server* in process: the other end of the same library.
  ['ssh2', [/^main\/ssh\//, /^e2e\/fakehost\//]],
  ['cytoscape', [/^renderer\/features\/map\//]],
  ['cytoscape-fcose', [/^renderer\/features\/map\//]],
  ['electron', [/^main\/electron\//]],
  ['playwright-core', [/^main\/browser\//, /^e2e\//, /^build\//]],
  ['playwright', []],
  ['react', [/^renderer\//]],
  ['react-dom', [/^renderer\//]],
]);

/** `renderer/features/NAME/…` → NAME: a feature never imports another one. */
export const featureOf = (path: string): string | null => /^renderer\/features\/([^/]+)\//.exec(path)?.[1] ?? null;
