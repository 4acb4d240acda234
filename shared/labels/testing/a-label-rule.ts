import { LabelRuleId } from '../../model/ids.ts';
import type { LabelRule } from '../../model/label-rule.ts';
import { expectParsed, hostId } from '../../policy/testing/builders.ts';
import { parseLabels } from '../../text/label-text.ts';
import { parseFacts, parseLabelNetworks, parseNamePatterns, parseTemplates } from '../../text/label-rule-text.ts';
import type { LabelFacts } from '../label-facts.ts';
import type { LabelHost } from '../match-label-rule.ts';

/** Builders for tests of label rules: texts are the forms that people type. */

export const labelRuleId = (n: number): LabelRuleId => LabelRuleId.parse(`l_${String(n).padStart(12, '0')}`);

type RuleInput = { n?: number; names?: string; networks?: string; facts?: string; labels?: string; note?: string };

/** Rule `n` (1 unless told) gives role=db; no condition unless told. */
export const aLabelRule = ({ n = 1, names = '', networks = '', facts = '', labels = 'role=db', note = '' }: RuleInput = {}): LabelRule => ({
  id: labelRuleId(n),
  names: expectParsed(parseNamePatterns(names)),
  networks: expectParsed(parseLabelNetworks(networks)),
  facts: expectParsed(parseFacts(facts)),
  labels: expectParsed(parseTemplates(labels)),
  note,
});

/** Says nothing but what is given: an OS of debian, no listeners, no addresses. */
export const saidFacts = ({ texts, ...rest }: Partial<Omit<LabelFacts, 'texts'>> & { texts?: Partial<LabelFacts['texts']> } = {}): LabelFacts => ({
  texts: { os: ['debian'], 'os-version': ['12'], kernel: ['6.1.0'], arch: ['x86_64'], process: [], unit: [], timer: [], interface: ['eth0'], firewall: [], 'secure-boot': [], disk: [], updates: [], edr: [], ...texts },
  listens: [],
  publishes: [],
  addresses: [],
  ...rest,
});

type HostInput = { n?: number; name?: string; labels?: string; entered?: string[]; said?: LabelFacts | null };

/** Host `n` (1 unless told) is `h<n>`, without labels or addresses, and never said anything. */
export const aLabelHost = ({ n = 1, name = `h${n}`, labels = '', entered = [], said = null }: HostInput = {}): LabelHost => ({ id: hostId(n), name, isNameSaid: false, labels: expectParsed(parseLabels(labels)), entered, said });

export const listensOn = (...ports: number[]): LabelFacts => saidFacts({ listens: ports.map((port) => ({ protocol: 'tcp', from: port, to: port })) });
