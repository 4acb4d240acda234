import { isIPv6 } from 'node:net';
import { saveCursor } from '../db/baseline-store.ts';
import { insertFlowHistory } from '../db/flow-store.ts';
import { addFigure } from '../db/recording-store.ts';
import type { WriteDb } from '../db/sql.ts';
import type { FlowVerdict } from '../../shared/model/flow.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { PolicyVersionId } from '../../shared/model/ids.ts';
import { createSimulator, type Simulator } from '../../shared/policy/simulate.ts';
import type { Backend } from '../services/backend.ts';
import { readCompiledDraft } from '../services/draft-compiled.ts';
import { listSightings, type Sighting } from './sample-hours.ts';
import { SAMPLE_HOSTS } from './sample-hosts.ts';
import { type Conversation, SAMPLE_TRAFFIC } from './sample-traffic.ts';
import { createRandom, type Random } from '../../shared/seeded-random.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A time in which every host ran one version, which is the draft's content now. */
export type SamplePeriod = { readonly fromMs: number; readonly untilMs: number; readonly endMs: number; readonly version: PolicyVersionId };

type Scene = { readonly simulator: Simulator; readonly fleet: ReadonlyMap<string, FleetHost>; readonly zoneOf: (host: FleetHost) => string | null; readonly period: SamplePeriod };

/** Stores what all hosts recorded in the period: the same conversations at both ends, with the verdict that the simulator gives for the rules of the time. Gives how many flows were made. */
export function recordSamplePeriod(backend: Backend, period: SamplePeriod): number {
  const compiled = readCompiledDraft(backend);
  const recording = new Set(SAMPLE_HOSTS.filter(({ kind }) => kind === 'agent').map(({ name }) => name));
  const scene: Scene = {
    simulator: createSimulator(compiled.policy, compiled.fleet, { nowMs: period.fromMs }),
    fleet: new Map(compiled.fleet.map((host) => [host.name, host])),
    zoneOf: (host) => compiled.zones.get(host.id)?.zone?.name ?? null,
    period,
  };
  const random = createRandom(period.version);
  return backend.workspace.transaction((tx) => {
    for (const name of recording) recordHours(tx, scene, name);
    return SAMPLE_TRAFFIC.reduce((sum, conversation) => sum + recordConversation(tx, scene, conversation, { recording, random }), 0);
  });
}

function recordHours(tx: WriteDb, { fleet, period }: Scene, name: string): void {
  const host = fleet.get(name);
  if (host === undefined) return;
  for (let hourMs = Math.ceil(period.fromMs / HOUR_MS) * HOUR_MS; hourMs < period.untilMs; hourMs += HOUR_MS) addFigure(tx, host.id, hourMs, 'snapshots', 1);
  // The set of one load balancer was full in a sale; the record says so.
  if (name === 'shop-lb-1' && period.untilMs === period.endMs) addFigure(tx, host.id, period.endMs - 2 * DAY_MS, 'lost-in', 318);
  saveCursor(tx, host.id, { seq: Math.round((period.untilMs - period.fromMs) / HOUR_MS), epoch: `sample-${name}`, atMs: period.untilMs });
}

function recordConversation(tx: WriteDb, scene: Scene, conversation: Conversation, { recording, random }: { recording: ReadonlySet<string>; random: Random }): number {
  const { period, fleet, simulator, zoneOf } = scene;
  const fromMs = Math.max(period.fromMs, period.endMs - conversation.sinceDay * DAY_MS);
  const sightings = listSightings(random, conversation, { fromMs, untilMs: period.untilMs, endMs: period.endMs });
  if (sightings.length === 0) return 0;
  const [consumer, provider] = [fleet.get(conversation.from), fleet.get(conversation.to)];
  const isSix = isIPv6(conversation.from) || isIPv6(conversation.to);
  const [source, destination] = [addressOf(consumer, conversation.from, isSix), addressOf(provider, conversation.to, isSix)];
  const { protocol, port, by } = conversation;
  const packet = { source, destination, protocol, port, sourcePort: null, ...(by.user === '' ? {} : { user: by.user, unit: by.unit }) };
  const common = { forwardTo: null, protocol, port, policyVersion: period.version };
  let made = 0;
  let passes = true;
  if (consumer !== undefined && recording.has(consumer.name)) {
    const verdict = toFlowVerdict(simulator.decideOutbound(consumer.id, packet).verdict);
    passes = verdict !== 'blocked';
    insertFlowHistory(tx, { ...common, reporter: consumer.id, direction: 'out', peerAddress: destination, user: by.user, unit: by.unit, process: { name: by.process, confidence: 'exact' }, zone: zoneOf(consumer), verdict }, sightings);
    made += 1;
  }
  if (passes && provider !== undefined && recording.has(provider.name)) {
    const verdict = toFlowVerdict(simulator.decideInbound(provider.id, packet).verdict);
    const service = SAMPLE_HOSTS.find(({ name }) => name === provider.name)?.services.find((each) => each.protocol === protocol && each.port === port);
    const process = service === undefined ? null : { name: service.process, confidence: 'inferred' as const };
    insertFlowHistory(tx, { ...common, reporter: provider.id, direction: 'in', peerAddress: source, user: service?.user ?? null, unit: service?.unit ?? null, process, zone: zoneOf(provider), verdict }, retried(sightings, verdict));
    made += 1;
  }
  return made;
}

/** A client whose packet is dropped sends it again after a second; each counts. */
const retried = (sightings: readonly Sighting[], verdict: FlowVerdict): readonly Sighting[] => (verdict === 'blocked' ? sightings.map(({ atMs, connections }) => ({ atMs, connections: connections * 2 })) : sightings);

const toFlowVerdict = (verdict: 'allowed' | 'would-block' | 'blocked'): FlowVerdict => (verdict === 'allowed' ? 'accepted' : verdict);

const addressOf = (host: FleetHost | undefined, name: string, isSix: boolean): string => host?.addresses.find((address) => isIPv6(address) === isSix) ?? name;
