import { randomInt } from 'node:crypto';
import { ContainmentId, HostId, LabelRuleId, PushId, RuleId } from '../../shared/model/ids.ts';

/** Makes ids; a parameter of the backend, so that tests and seeds get the same ones every time. */
export type NewId = { host(): HostId; rule(): RuleId; labelRule(): LabelRuleId; push(): PushId; containment(): ContainmentId };

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

/** `draw(n)` gives a whole number from 0 to n-1; the default is the system's cryptographic source. */
export function createNewId(draw: (below: number) => number = (below) => randomInt(below)): NewId {
  const random = () => Array.from({ length: 12 }, () => ALPHABET.charAt(draw(ALPHABET.length))).join('');
  return {
    host: () => HostId.parse(`h_${random()}`),
    rule: () => RuleId.parse(`r_${random()}`),
    labelRule: () => LabelRuleId.parse(`l_${random()}`),
    push: () => PushId.parse(`p_${random()}`),
    containment: () => ContainmentId.parse(`c_${random()}`),
  };
}
