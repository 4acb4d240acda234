import { z } from 'zod';
import { PublishedPort } from './host.ts';
import { HostId, LabelRuleId } from './ids.ts';
import { LabelKey } from './label.ts';
import { Cidr } from './peer.ts';

const WORD = '\\{[a-z][a-z0-9_]{0,30}\\}';

/**
 * What a host's name must look like: `*` any characters, `?` one, `#` digits, `{word}` letters and digits that a label may take over;
 * `{env}-{role}#` fits prod-web12. As written: case matters, as it does in names.
 */
export const NamePattern = z
  .string()
  .max(100)
  .regex(new RegExp(`^(?:[A-Za-z0-9._*?#-]|${WORD})+$`), 'a name pattern has letters, digits and . _ -, with * (any characters), ? (one), # (digits) and {word} (letters and digits, for the label)');

/** A label's value, in which `{word}` stands for what the name pattern found there. */
export const LabelTemplate = z
  .string()
  .max(100)
  .regex(new RegExp(`^(?:[A-Za-z0-9]|${WORD})(?:[A-Za-z0-9_.:/-]|${WORD})*$`), 'a label value starts with a letter, a digit or {word}, then letters, digits, {word} and _ . : / -');

/** Facts that are texts; a fact of which a host has several (its processes) holds when one of them fits. */
export const TextFact = z.enum(['os', 'os-version', 'kernel', 'arch', 'process', 'unit', 'timer', 'interface', 'firewall', 'secure-boot', 'disk', 'updates', 'edr']);
export type TextFact = z.infer<typeof TextFact>;
/** `listens`: on an address that others can reach · `publishes`: redirected to containers. */
export const PortFact = z.enum(['listens', 'publishes']);
export type PortFact = z.infer<typeof PortFact>;

/** Compared without regard to case; `*` and `?` as in a name. */
export const FactGlob = z.string().min(1).max(200).regex(/^[^\p{C}|,]+$/u, 'a value of a fact has no commas, no | and no control characters');

/** One condition on what a host says about itself; its values are alternatives and never empty. */
export const FactCondition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), fact: TextFact, values: z.array(FactGlob).min(1) }),
  z.strictObject({ kind: z.literal('ports'), fact: PortFact, ports: z.array(PublishedPort).min(1) }),
]);
export type FactCondition = z.infer<typeof FactCondition>;

/**
 * Gives labels to every host that fulfils all of its conditions; null is no condition of that kind, and one at least is there (`checkLabelRule`).
 * Names and networks are alternatives among themselves, facts must all hold.
 */
export const LabelRule = z.strictObject({
  id: LabelRuleId,
  names: z.array(NamePattern).min(1).nullable(),
  networks: z.array(Cidr).min(1).nullable(),
  facts: z.array(FactCondition).min(1).nullable(),
  labels: z.record(LabelKey, LabelTemplate),
  note: z.string().max(500),
});
export type LabelRule = z.infer<typeof LabelRule>;

/**
 * That a host says to fulfil a rule (`holds`), and that somebody accepted it. A rule counts on such a host while it is accepted, whatever the host says by now:
 * what a host says about itself changes no label by itself. Neither `holds` nor accepted: there is no claim.
 */
export const LabelClaim = z.strictObject({
  rule: LabelRuleId,
  host: HostId,
  holds: z.boolean(),
  /** Why it holds, or held when it was last so; one phrase, with texts that the host sent. */
  because: z.string(),
  accepted: z.strictObject({ atMs: z.number().int(), by: z.string() }).nullable(),
});
export type LabelClaim = z.infer<typeof LabelClaim>;
