import type { FlowDirection } from '../../shared/model/flow.ts';

/** What the parts of a recording set's key mean, in order; agent/README.md “Snapshot” has the same table. */
export type KeyPart = 'peer' | 'source' | 'destination' | 'protocol' | 'port' | 'uid' | 'cgroup';

/** `refusals`: the set that counts those packets of this one that the rules refused (or would have); null where nothing is judged. */
export type RecordingSet = { name: string; direction: FlowDirection; key: readonly KeyPart[]; refusals: string | null };

const COARSE: readonly KeyPart[] = ['peer', 'protocol', 'port'];
const recordingSet = (name: string, direction: FlowDirection, key: readonly KeyPart[]): RecordingSet => ({ name, direction, key, refusals: `miss_${name}` });

/** The sets that count every new connection. */
export const RECORDING_SETS: readonly RecordingSet[] = [
  ...['in4', 'in6'].map((name) => recordingSet(name, 'in', [...COARSE, 'cgroup'])),
  ...['in4x', 'in6x'].map((name) => recordingSet(name, 'in', COARSE)),
  ...['out4', 'out6'].map((name) => recordingSet(name, 'out', [...COARSE, 'uid', 'cgroup'])),
  ...['out4x', 'out6x'].map((name) => recordingSet(name, 'out', COARSE)),
  // In place of out4 and out6 where the host cannot match control groups.
  ...['out4u', 'out6u'].map((name) => recordingSet(name, 'out', [...COARSE, 'uid'])),
  ...['fwd4', 'fwd6'].map((name): RecordingSet => ({ name, direction: 'forward', key: ['source', 'destination', 'protocol', 'port'], refusals: null })),
];
