import { until } from '../coexistence/until.ts';
import type { LabHost } from '../lab/host.ts';

/** A PostgreSQL session of a real client that asks something five times a second, as a unit of its own. Resolves once it is answered. */
export async function holdSession(from: LabHost, db: LabHost, unit: string): Promise<void> {
  await from.run(['systemd-run', '--quiet', '--collect', `--unit=${unit}`, 'sh', '-c', `echo 'select 1 \\watch 0.2' | PGPASSWORD=shop-lab psql -q -h ${db.ipv4} -U shop shop >/run/${unit} 2>&1`]);
  await answers(from, unit);
}

/** Lines of answers so far. */
export const countLines = async (host: LabHost, unit: string): Promise<number> => Number(await host.run(`cat /run/${unit} 2>/dev/null | wc -l`));

/** Waits for five more lines of answers than there are now. */
export async function answers(host: LabHost, unit: string): Promise<void> {
  const before = await countLines(host, unit);
  await until(() => countLines(host, unit), (count) => count > before + 5, 10_000);
}

/** The lab's database takes a while after its host has booted. */
export const databaseIsUp = (db: LabHost): Promise<string> => until(() => db.run('systemctl is-active shop-db.service || true'), (text) => text === 'active\n', 30_000);
