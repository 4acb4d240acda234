import type { ColumnChoice, FoundHost, HostImportResult, HostSource, LabelSource } from '../../../shared/contract/host-imports.ts';
import type { SshIdentity } from '../../../shared/model/host.ts';
import { parseLabelSource } from '../../../shared/text/label-source-text.ts';

/** Everything that the import dialog asks, for every kind of source: what was typed stays when the kind is changed. */
export type ImportForm = {
  readonly kind: HostSource['kind'];
  readonly text: string;
  readonly fileName: string;
  readonly columns: readonly ColumnChoice[];
  readonly sshPath: string;
  readonly inventoryPath: string;
  /** One a line. */
  readonly labelSources: string;
  /** Whom to log in as where the source names nobody. */
  readonly user: string;
  /** A key file where the source names none; empty: ssh-agent. */
  readonly keyPath: string;
  readonly network: string;
  readonly found: readonly FoundHost[];
};

/** `result`: of the last reading; null before there is one. */
export type ImportFieldProps = { readonly form: ImportForm; readonly set: (fields: Partial<ImportForm>) => void; readonly result: HostImportResult | null };

export const EMPTY_IMPORT: ImportForm = { kind: 'csv', text: '', fileName: 'hosts.csv', columns: [], sshPath: '', inventoryPath: '', labelSources: '', user: '', keyPath: '', network: '', found: [] };

/** The first line that cannot be read, as a sentence; null where all can. */
export function readLabelSources(text: string): { readonly sources: readonly LabelSource[]; readonly error: string | null } {
  const read = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseLabelSource);
  const wrong = read.find((one) => !one.ok);
  return { sources: read.flatMap((one) => (one.ok ? [one.value] : [])), error: wrong !== undefined && !wrong.ok ? (wrong.issues[0]?.message ?? 'it cannot be read') : null };
}

/** For hosts whose source names no key. */
export const readIdentity = ({ keyPath }: ImportForm): SshIdentity | null => (keyPath.trim() === '' ? null : { kind: 'key-file', keyPath: keyPath.trim() });

/** What is to be read; null while something of it is missing or wrong. */
export function readImportForm(form: ImportForm): HostSource | null {
  switch (form.kind) {
    case 'csv':
      return form.text.trim() === '' ? null : { kind: 'csv', text: form.text, fileName: form.fileName, columns: [...form.columns] };
    case 'ssh-config':
      return form.sshPath === '' ? null : { kind: 'ssh-config', paths: [form.sshPath] };
    case 'ansible': {
      const { sources, error } = readLabelSources(form.labelSources);
      return form.inventoryPath === '' || error !== null ? null : { kind: 'ansible', paths: [form.inventoryPath], labels: [...sources], user: form.user === '' ? null : form.user };
    }
    case 'probe':
      return form.found.length === 0 ? null : { kind: 'probe', network: form.network, found: [...form.found], user: form.user === '' ? 'root' : form.user };
  }
}
