import { type Framework, FRAMEWORK_NAMES } from '../../shared/contract/report-kinds.ts';
import { amount } from './evidence/amount.ts';
import type { SectionId } from './sections/section.ts';

/** A clause of a standard: its number, what it asks for in our own short words, what the data shows, and what it does not. `of` gives the value of a figure by its id, `see` the place of a section in the report. */
export type Clause = { readonly number: string; readonly asks: string; readonly shows: (of: Of, see: See) => string; readonly not: string };
export type Standard = { readonly framework: Framework; readonly name: string; readonly clauses: readonly Clause[] };

type Of = (figure: string) => number;
type See = (section: SectionId) => string;
const enforcement = (of: Of, see: See) => `Enforced throughout the period: ${of('zonesEnforcedThroughout')} of ${amount(of('zonesInEnforce'), 'zone')} set to enforce, ${amount(of('hostsEnforcedThroughout'), 'host')}; ${amount(of('enforcementGaps'), 'gap')}, each with its cause (${see('enforcement')}).`;
const verdicts = (of: Of, see: See) => `Blocked: ${amount(of('connectionsBlocked'), 'connection')}; would have been: ${of('connectionsWouldBlock')} (${see('refused')}).`;
const rules = (of: Of, see: See) => `${amount(of('rules'), 'rule')}, each with consumers, providers and services; without an owner ${of('rulesWithoutOwner')}, without a reason ${of('rulesWithoutReason')} (${see('rules')}).`;
const changes = (of: Of, see: See) => `${amount(of('policyChanges'), 'change')} by name and time, ${amount(of('pushes'), 'push', 'pushes')}, ${of('pushesNotConfirmed')} of them not wholly confirmed (${see('changes')}).`;
const inventory = (of: Of, see: See) => `${amount(of('hostsInScope'), 'host')} in scope, ${of('hostsWithAgent')} with an agent, ${of('hostsReporting')} that gave data (${see('coverage')}).`;
const integrity = (of: Of, see: See) => `${amount(of('tamperings'), 'tampering')} recorded; ${amount(of('hostsDrifted'), 'host')} with other rules than were confirmed (${see('integrity')}).`;

const reach = (of: Of, see: See) =>
  of('reachProofs') === 0
    ? `Nothing was tried in the period (${see('reach')}).`
    : `Hosts tried ${amount(of('reachTries'), 'connection')} in ${amount(of('reachProofs'), 'run')} while both ends witnessed: proven allowed ${of('reachAllowed')}, proven blocked ${of('reachBlocked')}, against policy ${of('reachContradictions')}, not proven ${of('reachNotProven')} (${see('reach')}).`;

/** Paraphrases, not quotations: the standards' own texts count. The words are “supports”, never more. */
export const STANDARDS: readonly Standard[] = [
  {
    framework: 'pci-dss',
    name: FRAMEWORK_NAMES['pci-dss'],
    clauses: [
      { number: '1.2.1', asks: 'configuration standards for rulesets are defined, implemented and maintained', shows: rules, not: 'the written standard itself' },
      { number: '1.2.2', asks: 'changes to connections and rulesets are approved and managed', shows: changes, not: 'approvals outside of Firebreak (tickets are named where people did)' },
      { number: '1.2.3', asks: 'an accurate network diagram', shows: (of, see) => `${inventory(of, see)} Zones and apps as they spoke: ${see('map')}.`, not: 'the physical network, switches and wireless' },
      { number: '1.2.4', asks: 'accurate data-flow diagrams of account data', shows: (of, see) => `Drawn by zones: ${see('map')}; what may pass: ${see('matrix')}. ${verdicts(of, see)}`, not: 'which flows carry account data' },
      { number: '1.2.5', asks: 'services, protocols and ports are identified, approved and needed', shows: rules, not: 'whether the need that somebody wrote is a real one' },
      { number: '1.2.6', asks: 'insecure services have security features that mitigate them', shows: rules, not: 'what is spoken within a connection' },
      { number: '1.2.7', asks: 'rulesets are reviewed at least every six months', shows: (of) => `Past their review date: ${of('rulesPastReview')} of ${amount(of('rules'), 'rule')}; seen in use: ${of('rulesWithPackets')}.`, not: 'that a review took place' },
      { number: '1.2.8', asks: 'configuration is secured and consistent with what runs', shows: integrity, not: 'who may open the console’s own file' },
      { number: '1.3.1', asks: 'inbound traffic to the CDE is limited to what is necessary', shows: enforcement, not: 'which zones are the CDE' },
      { number: '1.3.2', asks: 'outbound traffic from the CDE is limited to what is necessary', shows: enforcement, not: 'outbound of zones that are “open” outbound (zones.csv)' },
      { number: '1.3.3', asks: 'controls between wireless networks and the CDE', shows: verdicts, not: 'which addresses are wireless' },
      { number: '1.4.1', asks: 'controls between trusted and untrusted networks', shows: enforcement, not: 'the perimeter’s own firewalls' },
      { number: '1.4.2', asks: 'inbound from untrusted networks is restricted', shows: (of, see) => `${amount(of('unmanagedPeers'), 'peer')} that no host and no IP list explains. ${verdicts(of, see)}`, not: 'traffic that never reached a host with an agent' },
      { number: '1.4.4', asks: 'stored account data is not reachable from untrusted networks', shows: enforcement, not: 'where account data is stored' },
      { number: '11.4.5', asks: 'segmentation is tested at least every twelve months', shows: (of, see) => `${reach(of, see)} ${verdicts(of, see)}`, not: 'a penetration test by somebody independent: hosts tried policy tests and a sample, over TCP' },
      { number: '11.4.6', asks: 'service providers test segmentation every six months', shows: (of, see) => `${reach(of, see)} ${verdicts(of, see)}`, not: 'a penetration test by somebody independent: hosts tried policy tests and a sample, over TCP' },
    ],
  },
  {
    framework: 'hipaa',
    name: FRAMEWORK_NAMES['hipaa'],
    clauses: [
      { number: '(a)(1)', asks: 'access only for those persons or programs that were granted it', shows: rules, not: 'logins and permissions of applications' },
      { number: '(b)', asks: 'activity in systems with ePHI is recorded and examined', shows: (of, see) => `Data for ${of('hoursRecorded')} of ${amount(of('hoursExpected'), 'host hour')}. ${verdicts(of, see)}`, not: 'what was read or changed within an application' },
      { number: '(c)(1)', asks: 'ePHI is protected from improper alteration', shows: integrity, not: 'the data itself: only the rules that protect its hosts' },
      { number: '(e)(1)', asks: 'transmissions are guarded against unauthorised access', shows: enforcement, not: 'encryption' },
    ],
  },
  {
    framework: 'nist',
    name: FRAMEWORK_NAMES['nist'],
    clauses: [
      { number: '800-207', asks: 'access is granted per session by policy, and integrity is monitored', shows: (of, see) => `${inventory(of, see)} ${integrity(of, see)}`, not: 'authentication of users; rules name hosts, users of hosts and units' },
      { number: 'AC-4', asks: 'approved authorisations for information flow are enforced', shows: enforcement, not: 'the content of flows' },
      { number: 'SC-7', asks: 'communications at boundaries are monitored and controlled, by default denied', shows: (of, see) => `${enforcement(of, see)} ${verdicts(of, see)}`, not: 'boundaries that no agent is at' },
    ],
  },
  {
    framework: 'cis',
    name: FRAMEWORK_NAMES['cis'],
    clauses: [
      { number: '4.4', asks: 'a firewall on servers', shows: (of, see) => `${inventory(of, see)} ${enforcement(of, see)}`, not: 'servers that are not in the workspace' },
      { number: '12.2', asks: 'a secure network architecture with segmentation and least privilege', shows: rules, not: 'availability, and the design of the network itself' },
      { number: '13.4', asks: 'traffic between segments is filtered', shows: (of, see) => `${enforcement(of, see)} ${verdicts(of, see)}`, not: 'segments without hosts of ours at either end' },
    ],
  },
  {
    framework: 'iso-27001',
    name: FRAMEWORK_NAMES['iso-27001'],
    clauses: [
      { number: '8.20', asks: 'networks are secured, managed and controlled', shows: (of, see) => `${inventory(of, see)} ${changes(of, see)}`, not: 'network devices' },
      { number: '8.21', asks: 'security of network services is identified and monitored', shows: rules, not: 'agreements with providers' },
      { number: '8.22', asks: 'groups of services, users and systems are segregated', shows: enforcement, not: 'whether the groups are the right ones' },
    ],
  },
  {
    framework: 'soc-2',
    name: FRAMEWORK_NAMES['soc-2'],
    clauses: [
      { number: 'CC6.1', asks: 'logical access is restricted by security architecture', shows: (of, see) => `${rules(of, see)} ${enforcement(of, see)}`, not: 'identities and credentials' },
      { number: 'CC6.6', asks: 'measures against threats from outside of the boundaries', shows: (of, see) => `${amount(of('unmanagedPeers'), 'peer')} that no host and no IP list explains. ${verdicts(of, see)}`, not: 'what other devices at the boundary do' },
    ],
  },
];
