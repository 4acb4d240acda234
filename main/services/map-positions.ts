import type { z } from 'zod';
import type { MapPicture, MapPositions } from '../../shared/contract/map-query.ts';
import { removePositions, savePositions } from '../db/position-store.ts';
import type { BackendContext } from './backend-context.ts';
import { recordObservation } from './record-change.ts';

/** Under which name a place is stored: the two pictures put the same node elsewhere. */
export const positionId = (picture: MapPicture, id: string): string => (picture === 'hosts' ? id : `groups ${id}`);
export const keptPositionId = (picture: MapPicture, id: string): string => `kept ${positionId(picture, id)}`;

/** Adds or moves; nodes that are not named stay where they are. Every new picture is saved, so this leaves what was read for it as it is (Workspace): opening a group would else read all flows again. */
export function saveMapPositions(ctx: BackendContext, { positions, picture, isKept }: z.infer<typeof MapPositions>): void {
  const name = isKept ? keptPositionId : positionId;
  recordObservation(ctx, [], (tx) => savePositions(tx, positions.map(({ id, x, y }) => ({ id: name(picture, id), x, y }))), 'places');
}

/** The next picture is arranged as if it were the first. */
export function forgetMapPositions(ctx: BackendContext, picture: MapPicture): void {
  recordObservation(ctx, ['flows'], (tx) => removePositions(tx, (id) => (id.startsWith('groups ') || id.startsWith('kept groups ')) === (picture === 'groups')), 'places');
}
