import { expect, test } from 'vitest';
import { aRule } from '../../../shared/policy/testing/builders.ts';
import { filterRules, ruleSearch, setRuleSearch } from './rule-search.ts';

const rules = [aRule({ n: 1, to: 'role=db' }), aRule({ n: 2, to: 'zone:front', action: 'deny' })];
const found = (text?: string) => filterRules(rules, { text }).map(({ id }) => id.at(-1));

test('a rule is found by any of its fields, whatever the case', () => {
  expect([found(), found('  '), found('ROLE=DB'), found('Deny'), found(rules[1]?.id), found('nowhere')]).toEqual([['1', '2'], ['1', '2'], ['1'], ['2'], ['2'], []]);
  expect(filterRules(rules, {})).toBe(rules);
});

test('the address has what is set and nothing else, and nonsense in one part leaves the other', () => {
  expect(setRuleSearch({ text: 'web', panel: 'findings' }, { text: '' })).toEqual({ panel: 'findings' });
  expect(setRuleSearch({ text: 'web', panel: 'findings' }, { panel: undefined })).toEqual({ text: 'web' });
  expect(ruleSearch.parse({ text: 'web', panel: 'kitchen', find: 'r_1' })).toEqual({ text: 'web' });
  expect(ruleSearch.parse({ text: 7 })).toEqual({});
});
