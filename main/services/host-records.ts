import { type HostRecord, listHosts } from '../db/host-store.ts';
import { type HostState, listHostStates } from '../db/host-state-store.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { keptUntilWritten } from './kept-until-written.ts';

/** All hosts as they are stored, by name. A start asks several times, and thousands of hosts are tens of thousands of rows. */
export const readHostRecords = keptUntilWritten((db): readonly HostRecord[] => listHosts(db));

/** What each host last said; those that never said anything, too. */
export const readHostStates = keptUntilWritten((db): ReadonlyMap<HostId, HostState> => new Map(listHostStates(db).map((state) => [state.host, state])));
