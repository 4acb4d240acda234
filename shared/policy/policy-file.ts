import { z } from 'zod';
import { Quarantine } from '../model/containment.ts';
import { IpList, OutboundMode, Rule, Zone, ZoneMode } from '../model/policy.ts';
import { Service } from '../model/service.ts';

/** The YAML file's own shape: the model with every peer, selector, service and date as the text that people type. */
const Text = z.string();
/** One text or a list of them; exported as a list. */
const Texts = z.union([z.string().transform((text) => [text]), z.array(z.string()).min(1)]);
const { owner, reason, ticket } = Rule.shape;

const FileZone = z.strictObject({ name: Zone.shape.name, select: Text, mode: ZoneMode, outbound: OutboundMode.default('open'), onlyServices: Texts.optional(), note: Zone.shape.note.default('') });
const FileRule = z.strictObject({
  id: Text.optional(),
  action: z.enum(['allow', 'deny']),
  disabled: z.boolean().optional(),
  from: Text,
  to: Text,
  services: Texts,
  as: Text.optional(),
  servedBy: Text.optional(),
  schedule: Text.optional(),
  owner: owner.default(''),
  reason: reason.default(''),
  ticket: ticket.default(''),
  reviewOn: Text.nullable().default(null),
  expiresOn: Text.nullable().default(null),
});
const FileService = z.strictObject({ name: Service.shape.name, entries: Texts, note: Service.shape.note.default('') });
const FileIpList = z.strictObject({
  name: IpList.shape.name,
  /** Left out where there are names only. */
  cidrs: Texts.optional(),
  names: Texts.optional(),
  nameDays: IpList.shape.nameDays,
  nameNetworks: Texts.optional(),
  except: z.array(z.string()).default([]),
  note: IpList.shape.note.default(''),
});
const FileTest = z.strictObject({ expect: z.enum(['allow', 'deny']), from: Text, to: Text, service: Text });

const FileContainment = z.strictObject({
  id: Text,
  kind: z.enum(['quarantine', 'close']),
  host: Text.optional(),
  zone: Text.optional(),
  services: Texts.optional(),
  except: Texts.optional(),
  startsAt: Text,
  endsAt: Text,
  by: Quarantine.shape.by.default(''),
  reason: Quarantine.shape.reason,
});

export const PolicyFile = z.strictObject({
  firebreak: z.literal(1),
  zones: z.array(FileZone).default([]),
  rules: z.array(FileRule).default([]),
  services: z.array(FileService).default([]),
  ipLists: z.array(FileIpList).default([]),
  tests: z.array(FileTest).default([]),
  containments: z.array(FileContainment).default([]),
});
export type PolicyFile = z.infer<typeof PolicyFile>;

/** The keys that an entry of each list may have, in the order of an export. */
export const FILE_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(PolicyFile.shape),
  zones: Object.keys(FileZone.shape),
  rules: Object.keys(FileRule.shape),
  services: Object.keys(FileService.shape),
  ipLists: Object.keys(FileIpList.shape),
  tests: Object.keys(FileTest.shape),
  containments: Object.keys(FileContainment.shape),
};
