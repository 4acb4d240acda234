import { z } from 'zod';
import { OutboundMode, Rule, Zone } from '../model/policy.ts';
import { ServiceName, ZoneName } from '../model/names.ts';

/** A template file's own shape: the texts that people type, with `$name` where a parameter stands. `template-parts.ts` reads them. */
export const ParameterName = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'a parameter name starts with a-z, then a-z 0-9 - (31 at most)');

/**
 * What differs from site to site. `end`: any end of a rule (role=web, iplist:office, any …). `hosts`: labels only, because a zone selects by it.
 * `ports`: service entries. Each may be set to `none`, which leaves out whatever names it.
 */
const TemplateParameter = z.strictObject({
  name: ParameterName,
  what: z.string().min(1),
  kind: z.enum(['end', 'hosts', 'ports']).default('end'),
  default: z.string().min(1),
});

/** `source` says where the ports come from (IANA, or whose documentation): nobody should have to trust us. */
const TemplateService = z.strictObject({ name: ServiceName, entries: z.union([z.string(), z.array(z.string()).min(1)]), what: z.string().min(1), source: z.string().min(1) });

/** Always added in observe and last in the order: it takes no host from another zone and blocks nothing. */
const TemplateZone = z.strictObject({ name: ZoneName, select: z.string(), outbound: OutboundMode.default('open'), onlyServices: z.array(z.string()).min(1).optional(), note: Zone.shape.note.default('') });
const TemplateRule = z.strictObject({ action: z.enum(['allow', 'deny']).default('allow'), from: z.string(), to: z.string(), services: z.array(z.string()).min(1), reason: Rule.shape.reason.min(1) });
const TemplateTest = z.strictObject({ expect: z.enum(['allow', 'deny']), from: z.string(), to: z.string(), service: z.string() });

export const Template = z.strictObject({
  firebreakTemplate: z.literal(1, 'a template begins with “firebreakTemplate: 1”'),
  name: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'a template name starts with a-z, then a-z 0-9 - (41 at most)'),
  title: z.string().min(1),
  purpose: z.string().min(1),
  parameters: z.array(TemplateParameter).min(1),
  services: z.array(TemplateService).default([]),
  zones: z.array(TemplateZone).default([]),
  rules: z.array(TemplateRule).min(1),
  /** What must hold once it is applied, and go on holding: each blocks a push when it is broken. */
  tests: z.array(TemplateTest).min(1),
  /** What it does not cover, so that nobody believes that it does. */
  limits: z.array(z.string().min(1)).min(1),
});
export type Template = z.infer<typeof Template>;
export type TemplateParameter = Template['parameters'][number];
