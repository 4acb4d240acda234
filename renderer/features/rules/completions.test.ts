import { expect, test } from 'vitest';
import { aPolicy } from '../../../shared/policy/testing/builders.ts';
import { completeDate, completePeer, completeServices, readWords, type Words } from './completions.ts';

const WORDS: Words = {
  labels: new Map([
    ['app', ['crm', 'shop']],
    ['role', ['db', 'web', 'webhook']],
  ]),
  zones: ['shop-front', 'data'],
  hosts: ['db-1', 'web-1'],
  ipLists: ['office'],
  services: ['any', 'http', 'tcp/5432'],
  owners: [],
  schedules: [],
  today: '2026-11-28',
};
const peer = (typed: string) => completePeer(typed, WORDS).map((completion) => completion.text);
const services = (typed: string) => completeServices(typed, WORDS).map((completion) => completion.text);

test('an empty end offers label keys, zones, lists and any, and hosts once something is typed', () => {
  expect(peer('')).toEqual(['app=', 'role=', 'zone:shop-front', 'zone:data', 'iplist:office', 'any']);
  expect(peer('web')).toEqual(['host:web-1']);
  expect(peer('sho')).toEqual(['zone:shop-front']);
});

test('what hosts report about themselves is offered with all its values, after what people gave', () => {
  const words = { ...WORDS, labels: new Map([...WORDS.labels, ...readWords(aPolicy({}), [], 0).labels]) };
  const texts = (typed: string) => completePeer(typed, words).map(({ text }) => text);
  expect(texts('')).toEqual(['app=', 'role=', 'zone:shop-front', 'zone:data', 'iplist:office', 'any', 'posture.secure-boot=', 'posture.disk=', 'posture.updates=', 'posture.edr=']);
  expect(texts('role=web,posture.d')).toEqual(['role=web,posture.disk=']);
  expect(texts('posture.edr=')).toEqual(['posture.edr=present', 'posture.edr=absent', 'posture.edr=unknown']);
});

test('after a key its values are offered, and what stands before them stays', () => {
  expect(peer('role=')).toEqual(['role=db', 'role=web', 'role=webhook']);
  expect(peer('app=shop,role=we')).toEqual(['app=shop,role=web', 'app=shop,role=webhook']);
  expect(peer('role=db|w')).toEqual(['role=db|web', 'role=db|webhook']);
  expect(peer('role!=d')).toEqual(['role!=db']);
  expect(peer('role=web + a')).toEqual(['role=web +app='.replace('+app', '+ app')]);
});

test('after a prefix only names of that kind are offered', () => {
  expect(peer('zone:')).toEqual(['zone:shop-front', 'zone:data']);
  expect(peer('zone:da')).toEqual(['zone:data']);
  expect(peer('host:1')).toEqual(['host:db-1', 'host:web-1']);
});

test('what is typed in full is not offered again', () => {
  expect(peer('role=db')).toEqual([]);
  expect(services('http')).toEqual([]);
});

test('services are completed one after the other, none twice', () => {
  expect(services('tcp')).toEqual(['tcp/5432']);
  expect(services('http,')).toEqual(['http,any', 'http,tcp/5432']);
});

test('dates are counted from today', () => {
  expect(completeDate(WORDS, [30, 365])).toEqual([
    { text: '2026-12-28', shown: '2026-12-28', note: 'in 30 days' },
    { text: '2027-11-28', shown: '2027-11-28', note: 'in 365 days' },
  ]);
});
