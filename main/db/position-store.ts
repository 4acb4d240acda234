import { z } from 'zod';
import type { ReadDb, WriteDb } from './sql.ts';

const Row = z.object({ id: z.string(), x: z.number(), y: z.number() });
export type Position = z.infer<typeof Row>;

/** Where the admin put a node of the map, in model pixels. */
export function listPositions(db: ReadDb): Map<string, Position> {
  return new Map(
    db
      .all('SELECT id, x, y FROM positions')
      .map((raw) => Row.parse(raw))
      .map((p) => [p.id, p]),
  );
}

/** Adds or moves; positions that are not named stay. */
export function savePositions(tx: WriteDb, positions: readonly Position[]): void {
  for (const p of positions)
    tx.run('INSERT INTO positions (id, x, y) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET x = excluded.x, y = excluded.y', [p.id, p.x, p.y]);
}

/** Forgets the places whose id is chosen; the others stay. */
export function removePositions(tx: WriteDb, isChosen: (id: string) => boolean): void {
  for (const id of listPositions(tx).keys()) if (isChosen(id)) tx.run('DELETE FROM positions WHERE id = ?', [id]);
}
