import { z } from 'zod';
import { OutboundMode, Rule, Zone, ZoneMode } from '../model/policy.ts';

/** The YAML file's own shape: the model with every peer, selector and service as the text that people type. */
const Text = z.string();
/** One text or a list of them; exported as a list. */
const Texts = z.union([z.string().transform((text) => [text]), z.array(z.string()).min(1)]);
const optionalText = z.string().default('');

const FileZone = z.strictObject({ name: Text, select: Text, mode: ZoneMode, outbound: OutboundMode.default('open'), onlyServices: Texts.optional(), note: Zone.shape.note.default('') });
const FileRule = z.strictObject({
  id: Text.optional(),
  action: z.enum(['allow', 'deny']),
  from: Text,
  to: Text,
  services: Texts,
  as: Text.optional(),
  servedBy: Text.optional(),
  schedule: Text.optional(),
  owner: optionalText,
  reason: optionalText,
  ticket: optionalText,
  reviewOn: Rule.shape.reviewOn.default(null),
  expiresOn: Rule.shape.expiresOn.default(null),
});
const FileService = z.strictObject({ name: Text, entries: Texts, note: optionalText });
const FileIpList = z.strictObject({ name: Text, cidrs: Texts, except: z.array(z.string()).default([]), note: optionalText });
const FileTest = z.strictObject({ expect: z.enum(['allow', 'deny']), from: Text, to: Text, service: Text });

export const PolicyFile = z.strictObject({
  firebreak: z.literal(1, 'a policy file begins with “firebreak: 1”'),
  zones: z.array(FileZone).default([]),
  rules: z.array(FileRule).default([]),
  services: z.array(FileService).default([]),
  ipLists: z.array(FileIpList).default([]),
  tests: z.array(FileTest).default([]),
});
export type PolicyFile = z.infer<typeof PolicyFile>;
