import { FuseV1Options, type FuseV1Config, FuseVersion, flipFuses } from '@electron/fuses';

/**
 * Every switch that Electron's binary has, each decided; one that a later Electron adds stops the packaging until it is. With `RunAsNode` off the app
 * cannot be made to run other people's scripts under its name, and `OnlyLoadAppFromAsar` is what makes the integrity of the archive worth checking.
 * Source: https://www.electronjs.org/docs/latest/tutorial/fuses
 */
export const fuseConfig: FuseV1Config & { strictlyRequireAllFuses: true } = {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  resetAdHocDarwinSignature: process.platform === 'darwin',
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // A WebAssembly access out of bounds traps in hardware instead of being checked in code: it is the faster and the default way.
  [FuseV1Options.WasmTrapHandlers]: true,
};

/** Sets them in the program at `path`; run before it is signed, because the signature covers them. */
export async function setFuses(path: string): Promise<void> {
  await flipFuses(path, fuseConfig);
}
