/** Who asks. `user` and `port` are those of a command line (`ssh -l -p`), which go before every file. */
export type Asked = { readonly host: string; readonly localUser: string; readonly user: string | null; readonly port: number | null };

/** Of one pass over the files. `single` holds the first value of each keyword, as ssh keeps it. */
export type Pass = { readonly asked: Asked; readonly single: Map<string, string>; readonly lists: ReadonlyMap<string, Set<string>>; readonly untried: Set<string>; readonly isFinal: boolean; wantsFinal: boolean };

/** `%h` is the name that was asked for. */
export const expandHostName = (text: string, host: string): string => text.replaceAll(/%([%h])/g, (_, token: string) => (token === '%' ? '%' : host));
