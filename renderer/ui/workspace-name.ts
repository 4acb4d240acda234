/** The file's name without folder and ending, as people call a workspace. Pure. */
export const workspaceName = (path: string): string =>
  path
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.(firebreak|db|sqlite)$/, '') ?? path;

/** The folder that a file lies in, with its last separator. Pure. */
export const folderOf = (path: string): string => path.replace(/[^\\/]*$/, '');
