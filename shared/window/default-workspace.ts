/**
 * Where the workspace lies that is opened when nobody names one: FIREBREAK_WORKSPACE, or the user's data folder
 * (XDG Base Directory 0.8, section 3). A path with `/`, which every system that we run on takes.
 */
export function defaultWorkspacePath(env: Readonly<Record<string, string | undefined>>, homeDir: string): string {
  if (env.FIREBREAK_WORKSPACE) return env.FIREBREAK_WORKSPACE;
  // XDG: a relative path there is invalid and has to be ignored.
  const dataHome = env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : `${homeDir}/.local/share`;
  return `${dataHome}/firebreak/default.firebreak`;
}

/** Where the console writes what happened, which nobody misses when it is gone (XDG Base Directory 0.8, section 3: state). */
export function defaultLogDir(env: Readonly<Record<string, string | undefined>>, homeDir: string): string {
  const stateHome = env.XDG_STATE_HOME?.startsWith('/') ? env.XDG_STATE_HOME : `${homeDir}/.local/state`;
  return `${stateHome}/firebreak/log`;
}

/** Where the console keeps what belongs to the user and to no workspace (XDG Base Directory 0.8, section 3). */
export function defaultConfigDir(env: Readonly<Record<string, string | undefined>>, homeDir: string): string {
  const configHome = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : `${homeDir}/.config`;
  return `${configHome}/firebreak`;
}
