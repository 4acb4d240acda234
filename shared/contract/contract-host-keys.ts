import { z } from 'zod';
import { PresentedKey } from '../model/host.ts';
import { KeyVerdict } from '../model/host-key.ts';
import { HostName } from '../model/names.ts';
import { call, none, progressOf } from './contract-call.ts';
import { HostChoice } from './host-choice.ts';
import { MAX_LIST_CHARS } from './host-imports.ts';

/** Texts of known_hosts files, or of lines `NAME SHA256:…`; several count as one list. */
export const KeyListInput = z.strictObject({
  lists: z.array(z.strictObject({ name: z.string().min(1).max(255), text: z.string().max(MAX_LIST_CHARS, 'a list of keys has 8 MB at most; split it') })).min(1).max(20),
  dryRun: z.boolean(),
});
export type KeyListInput = z.infer<typeof KeyListInput>;

/** `algorithm` null: the list says the fingerprint alone. */
const Listed = z.strictObject({ algorithm: z.string().nullable(), fingerprint: z.string(), revoked: z.boolean() });
/**
 * A host that a list names. `foundAs`: under what, its way in going before its name. `agrees` with what is pinned: null, nothing is; `no`: another key is; `revoked`: a pinned key is marked so.
 */
export const ListedHost = z.strictObject({ hostName: z.string(), foundAs: z.string(), keys: z.array(Listed), agrees: z.enum(['yes', 'no', 'revoked']).nullable() });
export type ListedHost = z.infer<typeof ListedHost>;

/** By name. `elsewhere`: lines that are for no host of this workspace. */
export const KeyListResult = z.strictObject({
  lines: z.number().int(),
  hosts: z.array(ListedHost),
  /** Managed hosts that no list names. */
  without: z.array(z.string()),
  elsewhere: z.number().int(),
  refused: z.array(z.strictObject({ list: z.string(), line: z.number().int(), reason: z.string() })),
});
export type KeyListResult = z.infer<typeof KeyListResult>;

/** What a host presented, and what that is to it; `verdict` null: it could not be asked, and `error` says why. `source`: the list that names, revokes or contradicts. `isPinned`: it is trusted now. */
export const ComparedKey = z.strictObject({
  hostName: z.string(),
  verdict: KeyVerdict.nullable(),
  presented: PresentedKey.nullable(),
  source: z.string().nullable(),
  isPinned: z.boolean(),
  error: z.strictObject({ code: z.string(), title: z.string(), hint: z.string() }).nullable(),
});
export type ComparedKey = z.infer<typeof ComparedKey>;

/** Which keys hosts are expected to show, by lists that somebody imported, and trust in many at once. */
export const hostKeysContract = {
  /** What each list says of hosts that are there; connects to nothing. Replaces what lists said of a host before, but for what they revoked. A dry run says the same and stores nothing. */
  importLists: call.input(KeyListInput).output(KeyListResult),
  /** What lists say now. */
  listed: call.input(none).output(KeyListResult.pick({ hosts: true, without: true })),
  /** Pinned keys stay. */
  forget: call.input(z.strictObject({ hosts: HostChoice })).output(z.strictObject({ keys: z.number().int() })),
  /** Pinned keys as known_hosts; `without`: hosts that have one of which only the fingerprint is known, or whose way in cannot be written there. */
  exportText: call.input(none).output(z.strictObject({ text: z.string(), hosts: z.number().int(), without: z.array(z.string()) })),
  /** Asks each host for its key and compares; with `pin`, pins those that a list has. Others are pinned by nobody but `pin`. By name. */
  compare: call.input(z.strictObject({ hosts: HostChoice, pin: z.boolean() })).output(progressOf(z.strictObject({ hosts: z.array(ComparedKey) }))),
  /** Pins keys that somebody was shown, all or none; no pinned key is replaced, and none taken that a list contradicts or revokes. */
  pin: call.input(z.strictObject({ keys: z.array(z.strictObject({ name: HostName, key: PresentedKey })).min(1).max(20_000) })).output(z.strictObject({ pinned: z.number().int() })),
};
