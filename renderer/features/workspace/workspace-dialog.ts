/** What the workspace screen is asking for; null: nothing. */
export type WorkspaceDialog = 'new' | 'open' | 'duplicate' | 'restore' | null;
