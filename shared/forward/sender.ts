/** The console that sends. */
export type Sender = { readonly hostName: string; readonly processId: number };
