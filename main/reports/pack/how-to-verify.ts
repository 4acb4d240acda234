import { HOW_TO_FILE, KEY_FILE, MANIFEST_FILE, SIGNATURE_FILE, SIGNERS_FILE } from './manifest.ts';

/** Who signed, as `ssh-keygen -Y verify -I` must be told. */
export const SIGNER = 'firebreak';
export const EVIDENCE_NAMESPACE = 'firebreak-evidence';

export const printSigners = (keyLine: string): string => `${SIGNER} namespaces="${EVIDENCE_NAMESPACE}" ${keyLine}\n`;

export const VERIFY_SIGNATURE = `ssh-keygen -Y verify -f ${SIGNERS_FILE} -I ${SIGNER} -n ${EVIDENCE_NAMESPACE} -s ${SIGNATURE_FILE} < ${MANIFEST_FILE}`;
export const VERIFY_HASHES = String.raw`sed -n 's/^ *"\([A-Za-z_]*\.[a-z]*\)": "\([0-9a-f]\{64\}\)",\{0,1\}$/\2  \1/p' ${MANIFEST_FILE} | sha256sum -c --strict -`;

/** The words of VERIFY.txt: its own commands are run by a test. */
export function printHowToVerify(fingerprint: string): string {
  return `How to verify this evidence pack
================================

The signature covers ${MANIFEST_FILE}; the manifest has the SHA-256 of the report, of every table and of ${HOW_TO_FILE}.
${KEY_FILE} and ${SIGNERS_FILE} only say which key it was: whoever can change the pack can put another one there.

1. Whose key. Ask whoever runs the console for the fingerprint, by another way than this pack came:

   ssh-keygen -l -f ${KEY_FILE}
   It should say ${fingerprint}

   ${SIGNERS_FILE} must name the same key: the line in ${KEY_FILE} is its end.

2. That the manifest was signed by it:

   ${VERIFY_SIGNATURE}

3. That the files are those of the manifest (each must say OK, and no other file may be there):

   ${VERIFY_HASHES}

4. That the figures follow from the tables. With Firebreak, on any machine, without a workspace:

   firebreak audit verify FOLDER --key KEYFILE

   It computes every derived table and figure again from the others, and names the file, the cell or the figure that differs.
   KEYFILE has the key that you got by another way; without --key it is only shown that the pack agrees with itself.
   Without Firebreak: each figure in ${MANIFEST_FILE} has the name of the function that makes it (main/reports/evidence/figures.ts in the sources);
   most are a count or a sum over one column of one table.
`;
}
