/** One step of the format; a shipped one is never edited. `version` is the `user_version` afterwards. */
export type Migration = { readonly version: number; readonly sql: string };
