import { z } from 'zod';
import { PolicyVersionId } from '../model/ids.ts';
import { KitId, PolicyCarried, StickFolder } from './bundles.ts';
import { HostChoice } from './host-choice.ts';

const Orders = PolicyCarried.shape.hosts;
/** Addresses from which SSH is let in beside those that are known: the console's, or that of the machine with the playbook. */
const Consoles = z.array(z.string().min(2).max(45)).max(32);

export const AnsibleOrder = z.strictObject({ hosts: HostChoice, note: z.string().max(2000), folder: StickFolder, consoles: Consoles });
export type AnsibleOrder = z.infer<typeof AnsibleOrder>;
/** `kit`: whose key signs the receipts. */
export const AnsibleExported = z.strictObject({ version: PolicyVersionId, folder: z.string(), kit: KitId, hosts: Orders });
export type AnsibleExported = z.infer<typeof AnsibleExported>;

/** The first two are for named hosts, and say which machine they are; the others are for images, of which any number of machines are made. */
export const HOST_IMAGES = ['cloud-init', 'terraform'] as const;
export const ImageTarget = z.enum([...HOST_IMAGES, 'ansible', 'dockerfile']);
export type ImageTarget = z.infer<typeof ImageTarget>;

/** `hosts` null: none. `isAgentInImage`: the image has the agent already (`ansible`, `dockerfile`), so that a host's own part is small. */
export const ImagesOrder = z.strictObject({ target: ImageTarget, hosts: HostChoice.nullable(), note: z.string().max(2000), folder: StickFolder, consoles: Consoles, isAgentInImage: z.boolean() });
export type ImagesOrder = z.infer<typeof ImagesOrder>;
/** `files` are below `folder`. `version` null: for images without a host. */
export const ImagesMade = z.strictObject({ folder: z.string(), version: PolicyVersionId.nullable(), hosts: Orders, files: z.array(z.strictObject({ path: z.string(), bytes: z.number().int() })) });
export type ImagesMade = z.infer<typeof ImagesMade>;
