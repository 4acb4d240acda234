import { expect, test } from 'vitest';
import { describeDraftStep } from './draft-step-text.ts';

test('a step is named by what it did to what', () => {
  const named = (action: string, subject: string) => describeDraftStep({ action, subject });
  expect(named('policy.updateRule', 'r_0123456789ab')).toBe('change rule r_0123456789ab');
  expect(named('policy.addRules', 'r_0123456789ab')).toBe('add rule r_0123456789ab');
  expect(named('policy.removeRules', 'r_0123456789ab r_0123456789ac')).toBe('remove 2 rules');
  expect(named('policy.setZoneMode', 'shop')).toBe('set the mode of zone shop');
  expect(named('policy.importText', 'draft')).toBe('import a policy file');
});

test('a step of an action that is not known here is named by its audit entry', () => {
  expect(describeDraftStep({ action: 'zones.rename', subject: 'shop' })).toBe('zones.rename shop');
});
