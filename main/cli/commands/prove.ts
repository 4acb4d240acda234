import { extname } from 'node:path';
import type { Command } from 'commander';
import type { ProofHead, ProofRow, ProofView } from '../../../shared/contract/reach-proofs.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { CONCLUSION_WORDS } from '../../../shared/reach-proof/conclude-try.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { followProgress } from '../progress.ts';
import { formatTable, formatTime } from '../table.ts';
import { writeReport } from './write-report.ts';

type ProveOptions = { zone?: string; sample: string; seed?: string; out?: string };

export function addProveCommands(program: Command, context: CliContext): void {
  const prove = program.command('prove').description('have hosts try what the policy says, while both ends witness');
  prove
    .command('reach')
    .description('TCP connections of the policy tests and of a sample of the zones, allowed and forbidden ones, IPv4 and IPv6; no rule is changed (exit 3 when one is not as the policy says)')
    .option('--zone <zone>', 'only what begins or ends in this zone')
    .option('--sample <number>', 'pairs of hosts and ports to draw beside the policy tests, 0 to 100', '20')
    .option('--seed <number>', 'draw the same pairs again; another one each time when left out')
    .option('--out <file>', 'also write what was tried, as .csv')
    .action((options: ProveOptions) => proveReach(context, options));
  prove
    .command('list')
    .description('what was proven so far, newest first')
    .action(async () => {
      const proofs = await (await context.client()).reach.proofs({});
      context.print(proofs, proofs.length === 0 ? 'Nothing was tried yet; firebreak prove reach does.' : formatProofs(proofs));
    });
  prove
    .command('show [id]')
    .description('what was tried, and what follows from it; the newest when no number is given')
    .option('--out <file>', 'also write it as .csv')
    .action(async (id: string | undefined, { out }: { out?: string }) => {
      const csv = csvPath(out);
      const proof = await (await context.client()).reach.proof({ id: id === undefined ? null : wholeNumber('id', id, 1, Number.MAX_SAFE_INTEGER) });
      if (proof === null) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'id', message: 'nothing was tried yet; firebreak prove reach does' }] });
      await tell(context, proof, csv);
    });
}

async function proveReach(context: CliContext, { zone, sample, seed, out }: ProveOptions): Promise<void> {
  const order = { zone: zone ?? null, sample: wholeNumber('--sample', sample, 0, 100), seed: seed === undefined ? null : wholeNumber('--seed', seed, 0, 0xffff_ffff) };
  const csv = csvPath(out);
  const client = await context.client();
  context.setInterruptNote('Stopped; nothing was stored, and no host keeps anything.');
  const proof = await followProgress(context, await client.reach.prove(order));
  await tell(context, proof, csv);
  if (proof.figures.contradicts > 0) context.setExitCode(EXIT.gate);
}

function csvPath(out: string | undefined): string | null {
  if (out === undefined) return null;
  if (extname(out) === '.csv') return out;
  throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--out', message: `“${out}” does not end with .csv; the printed form is in “report segmentation”` }] });
}

function wholeNumber(path: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new FirebreakError('INPUT_INVALID', { issues: [{ path, message: `“${text}” is no whole number from ${least} to ${most}` }] });
}

async function tell(context: CliContext, proof: ProofView, csv: string | null): Promise<void> {
  if (csv !== null) await writeReport(csv, (await (await context.client()).reach.proofCsv({ id: proof.id })).text);
  context.print(proof, `${formatProof(proof)}${csv === null ? '' : `\nWrote ${csv}.`}`);
}

const printFigures = ({ allowed, blocked, contradicts, 'not-proven': open }: ProofHead['figures']): string => `${allowed} proven allowed, ${blocked} proven blocked, ${contradicts} contradict the policy, ${open} not proven`;

function formatProofs(proofs: readonly ProofHead[]): string {
  const rows = proofs.map(({ id, endedAtMs, by, version, zone, sample, seed, figures }) => [String(id), formatTime(endedAtMs), by, String(version ?? '-'), zone ?? 'all', String(sample), String(seed), printFigures(figures)]);
  return formatTable(['ID', 'TIME', 'WHO', 'VERSION', 'ZONE', 'SAMPLE', 'SEED', 'RESULT'], rows);
}

/** What is wrong first. */
export function formatProof({ id, endedAtMs, version, zone, seed, figures, notes, rows }: ProofView): string {
  const head = `Proof ${id} of ${formatTime(endedAtMs)}, policy version ${version ?? 'none'}, ${zone === null ? 'all zones' : `zone ${zone}`}, seed ${seed}: ${printFigures(figures)}.`;
  const table = rows.length === 0 ? ['There was nothing to try: no policy test, and no pair in the zones that somebody enforces.'] : [formatTable(['RESULT', 'FROM', 'TO', 'POLICY', 'ANSWER', 'WHY'], rows.map(toCells))];
  return [head, ...table, ...notes].join('\n');
}

function toCells({ conclusion, from, source, to, destination, port, expect, answer, cause, test, user }: ProofRow): string[] {
  const asked = test === '' ? 'sample' : `test “${test}”`;
  const end = destination.includes(':') ? `[${destination}]` : destination;
  return [CONCLUSION_WORDS[conclusion], from === '' ? '-' : `${from} ${source}`, to === '' ? '-' : `${to} ${end}:${port}`, `${expect === 'allow' ? 'must reach' : 'must not'} (${asked})`, answer === '' ? 'not tried' : `${answer} as ${user}`, cause];
}
