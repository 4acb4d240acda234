import { expect, test } from 'vitest';
import { contract } from '../../shared/contract/contract.ts';
import { CONNECTING } from './connecting.ts';

const names = Object.entries(contract).flatMap(([group, procedures]) => Object.keys(procedures).map((name) => `${group}.${name}`));

test('what is refused where nothing may be connected to is in the contract by this name', () => {
  expect([...CONNECTING].filter((name) => !names.includes(name))).toEqual([]);
});

test('every command to agents is among it', () => {
  expect(names.filter((name) => name.startsWith('agents.') && !CONNECTING.has(name))).toEqual([]);
});
