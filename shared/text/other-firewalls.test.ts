import { expect, test } from 'vitest';
import { listOtherDeciders } from './other-firewalls.ts';

test('who else decides on a host is named once, and only while it is at work', () => {
  const firewalls = [
    { name: 'ufw.service', state: 'active, enabled' },
    { name: 'ufw', state: 'enabled' },
    { name: 'iptables-legacy filter', state: 'loaded' },
    { name: 'iptables-legacy nat', state: 'loaded' },
    { name: 'docker.service', state: 'inactive, disabled' },
    { name: 'fail2ban.service', state: 'active, enabled' },
    { name: 'nft ip filter', state: 'loaded' },
  ];
  expect(listOtherDeciders(firewalls).map(({ name }) => name)).toEqual(['ufw', 'iptables-legacy', 'fail2ban']);
  expect(listOtherDeciders([{ name: 'ufw.service', state: 'active, enabled' }])).toEqual([]);
});
