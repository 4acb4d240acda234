/** What a window's procedures may ask of the console around them. */
export type WorkspaceSwitch = {
  /**
   * Opens another workspace (or the same file anew), which every load of the page from now on gets; the page has to load again. The former is closed when its last load has ended.
   * @throws the WORKSPACE_… codes of openWorkspace, PUSH_RUNNING; the open workspace stays then
   */
  open(path: string): void;
};
