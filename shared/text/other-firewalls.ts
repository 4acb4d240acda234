import type { AgentFacts } from '../contract/agent-replies.ts';

/** `is…`: what the facts call it when it decides about packets. All of them are asked before `table inet firebreak` (priority filter + 20). */
type Decider = { readonly name: string; readonly isAtWork: (name: string, state: string) => boolean; readonly effect: string };

const isActive = (service: string) => (name: string, state: string) => name === `${service}.service` && state.startsWith('active');
const REFUSES_FIRST = 'is asked first: what it refuses stays refused, whatever rules here allow, and is not recorded here; what it lets in is still judged here';

const DECIDERS: readonly Decider[] = [
  { name: 'ufw', isAtWork: (name, state) => name === 'ufw' && state === 'enabled', effect: REFUSES_FIRST },
  { name: 'firewalld', isAtWork: isActive('firewalld'), effect: REFUSES_FIRST },
  { name: 'iptables (netfilter-persistent)', isAtWork: isActive('netfilter-persistent'), effect: REFUSES_FIRST },
  { name: 'iptables-legacy', isAtWork: (name) => name.startsWith('iptables-legacy '), effect: REFUSES_FIRST },
  { name: 'fail2ban', isAtWork: isActive('fail2ban'), effect: 'refuses whom it bans before rules here are asked' },
  { name: 'Docker', isAtWork: isActive('docker'), effect: 'redirects published ports and decides in DOCKER-USER first; rules here judge what it lets through, by the published port' },
  { name: 'nftables.service', isAtWork: isActive('nftables'), effect: 'flushes every table when it starts or reloads; the rules here come back by themselves within seconds' },
];

/** The other programs that decide about packets on a host, each with what that means for the rules here; empty when there is none. Nothing of a host's own words is in it. */
export function listOtherDeciders(firewalls: AgentFacts['firewalls']): { name: string; effect: string }[] {
  return DECIDERS.filter(({ isAtWork }) => firewalls.some(({ name, state }) => isAtWork(name, state))).map(({ name, effect }) => ({ name, effect }));
}
