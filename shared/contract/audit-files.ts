/** What an exported audit log proves. `lastHash`: of its last entry, to be kept elsewhere; null: there is none. `where` is a line, or a part of the file; messages have no full stop. */
export type LogVerdict = { ok: boolean; entries: number; lastHash: string | null; problems: { where: string; message: string }[] };
