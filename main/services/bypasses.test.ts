import { describe, expect, it } from 'vitest';
import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import { readPassages } from './bypasses.ts';

const ADDRESSES: AgentFacts['addresses'] = ['10.0.0.1', 'fd00::1', '172.17.0.1'].map((address) => ({ interface: 'x', family: address.includes(':') ? 6 : 4, address, prefix: 24, scope: 'global' }));
type Redirection = NonNullable<AgentFacts['published']>[number];
const redirect = (input: Partial<Redirection> = {}): Redirection => ({ protocol: 'tcp', port: 8080, portEnd: 8080, address: null, to: '172.17.0.2:80', ...input });
const read = (published: Redirection[], bypasses: AgentFacts['bypasses'] = []) => readPassages({ addresses: ADDRESSES, published, bypasses });

describe('what a host redirects', () => {
  it('is a published port where it leads to a container, and in a range is all of it', () => {
    expect(read([redirect(), redirect({ to: '[fd00:c::2]:80' }), redirect({ protocol: 'udp', port: 8000, portEnd: 8010, address: 'fd00::1', to: '[fd00:c::2]:8000-8010' })]).published).toEqual([
      { protocol: 'tcp', from: 8080, to: 8080 },
      { protocol: 'udp', from: 8000, to: 8010 },
    ]);
  });

  it('is none where it leads to another port of the host, or cannot be read', () => {
    const elsewhere = ['10.0.0.1:443', '127.0.0.1:3128', '[fd00::1]:443', '172.17.0.1'].map((to) => redirect({ to }));
    expect(read([...elsewhere, redirect({ port: null, portEnd: null }), redirect({ protocol: null })])).toEqual({ published: [], bypasses: [] });
  });

  it('is none where it is published on loopback only', () => {
    expect(read([redirect({ address: '127.0.0.1' }), redirect({ address: '::1', to: '[fd00:c::2]:80' })])).toEqual({ published: [], bypasses: [] });
  });

  it('for an address that is not its own is said to be unjudged', () => {
    expect(read([redirect({ address: '203.0.113.7' }), redirect({ address: '10.0.0.0/24', protocol: null, port: null, to: 'map' })])).toEqual({
      published: [],
      bypasses: ['Redirected for addresses that are not its own, and so recorded and not judged: 203.0.113.7 tcp/8080 to 172.17.0.2:80, 10.0.0.0/24 to map'],
    });
  });
});

it('ways past the rules are told worst first, a kind each, and at most five of one by name', () => {
  const bypasses = [{ kind: 'bridged', name: 'br0' }, ...Array.from({ length: 7 }, (_, i) => ({ kind: 'macvlan', name: `m${i}` })), { kind: 'of another agent', name: 'x' }];
  expect(read([], bypasses).bypasses).toEqual([
    'On the network by macvlan, past every rule of the host: m0, m1, m2, m3, m4 and 2 more',
    'Guests and the network share a bridge, so that what they exchange is not judged: br0',
    'Traffic may pass in a way that this console does not know (of another agent): x',
  ]);
});

it('an agent that does not say has nothing said of it', () => {
  expect(readPassages({ addresses: ADDRESSES })).toEqual({ published: [], bypasses: [] });
});
