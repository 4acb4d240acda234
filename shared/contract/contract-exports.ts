import { z } from 'zod';
import { PolicyVersionId } from '../model/ids.ts';
import { HostName } from '../model/names.ts';
import { SelectorSet } from '../model/selector.ts';
import { ExportTarget } from '../policy/export/export-target.ts';
import { AnsibleExported, AnsibleOrder, ImagesMade, ImagesOrder } from './automation.ts';
import { call } from './contract-call.ts';

/** Whose policy is exported: hosts with an agent can be chosen too. Never an empty list. */
export const ExportChoice = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unmanaged') }),
  z.strictObject({ kind: z.literal('names'), names: z.array(HostName).min(1) }),
  z.strictObject({ kind: z.literal('selector'), select: SelectorSet }),
]);
export type ExportChoice = z.infer<typeof ExportChoice>;

/** `isPartial`: give the files although something had to be left out. `isEnforced`: as if every zone enforced. `version`: in place of the draft. */
export const ExportOrder = z.strictObject({ target: ExportTarget, choice: ExportChoice, isPartial: z.boolean(), isEnforced: z.boolean(), version: PolicyVersionId.nullable() });
export type ExportOrder = z.infer<typeof ExportOrder>;

/** What the target cannot say: left out, it `opens` (lets through what the policy refuses) or `breaks`. `text` is the whole sentence. */
export const ExportRefusal = z.strictObject({ rule: z.string().nullable(), hosts: z.array(z.string()), direction: z.enum(['in', 'out']).nullable(), effect: z.enum(['opens', 'breaks']), why: z.string(), text: z.string() });
export type ExportRefusal = z.infer<typeof ExportRefusal>;

/** `files` is empty where something would have to be left out and `isPartial` was not said. `hosts`: those that are judged in the files. */
export const ExportedPolicy = z.strictObject({ files: z.array(z.strictObject({ suffix: z.string(), text: z.string() })), hosts: z.array(z.string()), policy: z.string(), refusals: z.array(ExportRefusal), notes: z.array(z.string()) });
export type ExportedPolicy = z.infer<typeof ExportedPolicy>;

export const exportsContract = {
  /** The draft, or a version, for what stands in front of hosts, in the language of another firewall. Connects to nothing and changes nothing. @throws NOT_FOUND · INPUT_INVALID */
  make: call.input(ExportOrder).output(ExportedPolicy),
  /** Signed rules of the draft, made a version, with the Ansible collection that loads them, in a folder. GATE_CLOSED where policy tests are broken. */
  ansible: call.input(AnsibleOrder).output(AnsibleExported),
  /** What puts the agent into an image, and signed rules of the draft, made a version, into the first boot of each host. GATE_CLOSED as above. */
  images: call.input(ImagesOrder).output(ImagesMade),
};
