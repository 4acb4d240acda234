import { describe, expect, test } from 'vitest';
import type { NameLedger } from '../model/name-ledger.ts';
import { addressOfName, explainNames } from './explain-names.ts';
import { MAX_ANSWERS, readNameAnswers } from './name-answers.ts';
import { listNameNotes } from './name-notes.ts';
import { aNamedList, aSighting, dnsName, LEDGER_NOW_MS, ledgerDaysAgo, manyAddresses } from './testing/a-ledger.ts';
import { aHost, aPolicy, aRule } from './testing/builders.ts';

const web = aHost({ n: 1, labels: 'role=web' });
const hosts = [web];
const nameOf = (seenBy: unknown) => (seenBy === null ? null : 'web-1');
const policy = aPolicy({ rules: [aRule({ from: 'role=web', to: 'iplist:mirrors' })], ipLists: [aNamedList()] });
const world = (sightings: NameLedger['sightings'], draft = policy) => ({ policy: draft, names: readNameAnswers(draft, { sightings, hosts }, LEDGER_NOW_MS), nameOf, nowMs: LEDGER_NOW_MS });
const asked = (problem: string | null = null) => [{ name: dnsName('deb.example.org'), seenBy: null, askedAtMs: LEDGER_NOW_MS, problem }];
const notes = (sightings: NameLedger['sightings'], { draft = policy, questions = asked() } = {}) => listNameNotes({ ...world(sightings, draft), ledger: { sightings, questions } });

describe('notes about names', () => {
  test('say why nobody is meant: nobody asked, nobody knows, or no answer counts', () => {
    expect(notes([], { questions: [] })).toEqual(['deb.example.org (IP list mirrors) matches nobody: nobody could resolve it; firebreak iplist resolve deb.example.org']);
    expect(notes([], { questions: asked('there is no such name') })).toEqual(['deb.example.org (IP list mirrors) matches nobody: nobody could resolve it (this console: there is no such name); firebreak iplist resolve deb.example.org']);
    expect(notes([aSighting({ lastSeenAtMs: ledgerDaysAgo(20) })])).toEqual(['deb.example.org (IP list mirrors) matches nobody: no answer to it counts; firebreak iplist resolve deb.example.org']);
  });

  test('name a front that many share', () => {
    expect(notes(manyAddresses(MAX_ANSWERS + 2).map((address) => aSighting({ address })))).toEqual(['deb.example.org (IP list mirrors) has 130 addresses, of which the first 128 count: it is a front that many share, for which a proxy is the tool']);
  });

  test('say nothing of a name that is as it should be, or of a list that nothing uses', () => {
    expect(notes([aSighting(), aSighting({ seenBy: web.id })])).toEqual([]);
    expect(notes([], { draft: { ...policy, rules: [] } })).toEqual([]);
  });

  test('say nothing of what only hosts see where the console sees nothing', () => {
    expect(notes([aSighting({ seenBy: web.id })])).toEqual([]);
  });
});

describe('an explanation of an address', () => {
  test('names list, name and entries, newest first, three at most', () => {
    const sightings = [aSighting({ times: 3, firstSeenAtMs: ledgerDaysAgo(4) }), ...[1, 2, 3].map((n) => aSighting({ seenBy: aHost({ n }).id, lastSeenAtMs: ledgerDaysAgo(n) }))];
    expect(explainNames('destination', ' 198.51.100.7 ', world(sightings)).map(({ text }) => text)).toEqual([
      '198.51.100.7 is in IP list mirrors as deb.example.org; seen by the console 3 times, first on 2026-06-11, last just now; seen by web-1 once, first on 2026-06-14, last 1 d ago; seen by web-1 once, first on 2026-06-13, last 2 d ago, and by 1 more',
    ]);
  });

  test('says of an answer that does not count why', () => {
    expect(explainNames('source', '10.0.0.5', world([aSighting({ address: '10.0.0.5' })]))[0]?.text).toMatch(/^10\.0\.0\.5 is an answer to deb\.example\.org in IP list mirrors, and does not count: it is private/);
  });

  test('is silent about hosts and about addresses that are no answers', () => {
    expect([...explainNames('source', 'web-1', world([aSighting()])), ...explainNames('source', '198.51.100.8', world([aSighting()]))]).toEqual([]);
  });

  test('takes a name for an address of it that counts, and nothing else for one', () => {
    const { names } = world([aSighting({ address: '10.0.0.5' }), aSighting()]);
    expect([addressOfName('Deb.Example.org.', names), addressOfName('other.example.org', names), addressOfName('web-1', names), addressOfName('deb.example.org', world([]).names)]).toEqual(['198.51.100.7', null, null, null]);
  });
});
