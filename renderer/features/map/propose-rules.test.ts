import { expect, test } from 'vitest';
import { buildMapModel } from './map-model.ts';
import { meantEdges, chosenOf } from './map-selection.ts';
import { proposeRules } from './propose-rules.ts';
import { aDrawnNode, aSeenEdge, aView } from './testing/map-builders.ts';

const web = aDrawnNode({ id: 'host:web-1', labels: { role: 'web', app: 'shop' } });
const web2 = aDrawnNode({ id: 'host:web-2', labels: { role: 'web', app: 'shop' } });
const db = aDrawnNode({ id: 'zone:data', kind: 'zone', zone: 'data' });
const bare = aDrawnNode({ id: 'host:bare' });
const peers = aDrawnNode({ id: 'peers:callers', kind: 'peers', label: '40 outside callers' });
const office = aDrawnNode({ id: 'ext:office', kind: 'external' });
const nodes = [web, web2, db, bare, peers, office];
const modelOf = (edges: readonly ReturnType<typeof aSeenEdge>[], lens: 'live' | 'draft' = 'live') => buildMapModel(aView({ nodes, edges }), lens);

test('like ends make one rule with the services of all of them, and what a rule allows already is no part of it', () => {
  const model = modelOf([aSeenEdge(web.id, db.id, 5432, 'no-rule'), aSeenEdge(web2.id, db.id, 6432, 'blocked'), aSeenEdge(web.id, db.id, 22, 'allowed'), aSeenEdge(bare.id, db.id, 80, 'allowed')]);
  expect(proposeRules(model, model.edges).map(({ from, to, services, problem }) => ({ from, to, services, problem }))).toEqual([
    { from: 'role=web,app=shop', to: 'zone:data', services: ['tcp/5432', 'tcp/6432'], problem: null },
  ]);
});

test('hosts without labels and named lists are said by their names; what no rule can say comes with a reason', () => {
  const model = modelOf([aSeenEdge(office.id, bare.id, 443, 'no-rule'), aSeenEdge(peers.id, bare.id, 443, 'no-rule')]);
  expect(proposeRules(model, model.edges).map(({ key, rule, problem }) => [key, rule === null, problem])).toEqual([
    ['iplist:office → host:bare', false, null],
    ['40 outside callers → host:bare', true, expect.stringContaining('put its networks into an IP list')],
  ]);
});

test('in the draft view only what the draft would not allow is proposed', () => {
  const model = modelOf([aSeenEdge(web.id, db.id, 5432, 'no-rule', { draft: 'allowed', differing: 1 })], 'draft');
  expect(proposeRules(model, model.edges)).toEqual([]);
});

test('chosen nodes mean what goes on between them, a single one all of its connections', () => {
  const model = modelOf([aSeenEdge(web.id, db.id, 1), aSeenEdge(web.id, bare.id, 2), aSeenEdge(office.id, web.id, 3)]);
  const meant = (ids: readonly string[]) => meantEdges(model, chosenOf(model, ids)).map((edge) => edge.id);
  expect(meant([web.id, db.id])).toEqual(['host:web-1>zone:data']);
  expect(meant([web.id])).toHaveLength(3);
  expect(meant(['ext:office>host:web-1', web.id, db.id])).toEqual(['host:web-1>zone:data', 'ext:office>host:web-1']);
  expect(meant(['gone'])).toEqual([]);
});
