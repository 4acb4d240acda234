import { readMatrix, readMatrixCell } from '../services/matrix.ts';
import { exportMatrixCsv } from '../services/matrix-csv.ts';
import { listProofs, printProofCsv, proveReach, readProof } from '../services/prove-reach.ts';
import { readReach } from '../services/reach.ts';
import { readReachPath } from '../services/reach-path.ts';
import { os } from './implementer.ts';

export const reachRouter = {
  of: os.reach.of.handler(({ context, input }) => readReach(context, input)),
  path: os.reach.path.handler(({ context, input }) => readReachPath(context, input)),
  matrix: os.reach.matrix.handler(({ context, input }) => readMatrix(context, input.sinceMs)),
  cell: os.reach.cell.handler(({ context, input }) => readMatrixCell(context, input)),
  matrixCsv: os.reach.matrixCsv.handler(({ context, input }) => ({ text: exportMatrixCsv(context, input.sinceMs) })),
  prove: os.reach.prove.handler(({ context, input, signal }) => proveReach(context, input, signal)),
  proofs: os.reach.proofs.handler(({ context }) => listProofs(context)),
  proof: os.reach.proof.handler(({ context, input }) => readProof(context, input.id)),
  proofCsv: os.reach.proofCsv.handler(({ context, input }) => ({ text: printProofCsv(context, input.id) })),
};
