import { useMutation } from '@tanstack/react-query';
import { Download, FileText } from 'lucide-react';
import { useState } from 'react';
import type { OfflineSummary } from '../../../shared/contract/offline.ts';
import { api, client } from '../../api/client.ts';
import { printReport } from '../../api/print-report.ts';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Note } from '../../ui/Note.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { AuditFigures } from './AuditFigures.tsx';
import { AuditFindings } from './AuditFindings.tsx';
import { AuditHosts } from './AuditHosts.tsx';

const TABLES = [
  { value: 'hosts.csv', text: 'Hosts' },
  { value: 'admitted.csv', text: 'What is let in' },
  { value: 'listening.csv', text: 'What listens' },
  { value: 'findings.csv', text: 'Findings' },
  { value: 'blind_spots.csv', text: 'Blind spots' },
] as const;

const stamp = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** What an audit says, its limits first, and the way to its report. */
export function AuditResult({ summary }: { readonly summary: OfflineSummary }) {
  const { id, madeAtMs, limits, logs, unread, unreadTotal, figures } = summary;
  return (
    <div className="stack audit-result">
      <div className="row wrap">
        <h2 className="grow">
          Audit of <TimeAgo atMs={madeAtMs} />
        </h2>
        <SaveButtons id={id} madeAtMs={madeAtMs} />
      </div>
      {figures.unsignedHosts === 0 ? null : (
        <Note kind="warning" title={`${figures.unsignedHosts} of ${figures.hosts} hosts ${figures.unsignedHosts === 1 ? 'is' : 'are'} known by bundles that nobody signed: anybody may have made them. What is theirs is marked UNSIGNED.`} />
      )}
      <section className="card" aria-label="What this audit does not know">
        <div className="card-head">
          <h2>Read this first: what this audit does not know</h2>
        </div>
        <ul className="card-body dotted">
          {limits.map((limit) => (
            <li key={limit} className="inert">
              {limit}
            </li>
          ))}
        </ul>
      </section>
      <AuditFigures figures={figures} />
      <Reading logs={logs} unread={unread} unreadTotal={unreadTotal} />
      <AuditFindings summary={summary} />
      <AuditHosts key={id} summary={summary} />
    </div>
  );
}

function SaveButtons({ id, madeAtMs }: { readonly id: string; readonly madeAtMs: number }) {
  const [table, setTable] = useState<(typeof TABLES)[number]['value']>('hosts.csv');
  const pdf = useMutation({
    mutationFn: async () => printReport((await client.offline.render({ id })).html),
    onSuccess: (file) => saveFile(`firebreak-offline-audit-${stamp(madeAtMs)}.pdf`, file),
  });
  const csv = useMutation(
    api.offline.tables.mutationOptions({
      onSuccess: ({ files }) => saveFile(`firebreak-offline-audit-${stamp(madeAtMs)}-${table}`, new Blob([files.find(({ name }) => name === table)?.text ?? ''], { type: 'text/csv' })),
    }),
  );
  return (
    <>
      <Choice label="Table of the CSV" labelHidden value={table} options={TABLES} onChange={setTable} />
      <Button icon={Download} isDisabled={csv.isPending} onPress={() => csv.mutate({ id })}>
        {csv.isPending ? 'Writing …' : 'Save CSV'}
      </Button>
      <Button icon={FileText} kind="primary" isDisabled={pdf.isPending} onPress={() => pdf.mutate()}>
        {pdf.isPending ? 'Printing …' : 'Save PDF'}
      </Button>
      {pdf.error === null ? null : <ErrorNote error={pdf.error} />}
      {csv.error === null ? null : <ErrorNote error={csv.error} />}
    </>
  );
}

function Reading({ logs, unread, unreadTotal }: Pick<OfflineSummary, 'logs' | 'unread' | 'unreadTotal'>) {
  if (logs.length === 0 && unread.length === 0) return null;
  return (
    <details className="card audit-details">
      <summary>
        What was read: {logs.length.toLocaleString('en')} {logs.length === 1 ? 'source' : 'sources'} of flows{unreadTotal === 0 ? '' : `; ${unreadTotal.toLocaleString('en')} ${unreadTotal === 1 ? 'file was' : 'files were'} not`}
      </summary>
      <ul className="card-body dotted">
        {logs.map(({ path, taken, rows, format, leftOut }) => (
          <li key={path} className="inert">
            {path}: {taken.toLocaleString('en')} of {rows.toLocaleString('en')} rows taken ({format}){leftOut.map(({ rows: amount, reason }) => `; ${amount} left out: ${reason}`)}.
          </li>
        ))}
        {unread.map(({ path, reason }) => (
          <li key={path} className="inert">
            Not read: {path}: {reason}.
          </li>
        ))}
        {unreadTotal > unread.length ? <li>{unreadTotal - unread.length} more were not read.</li> : null}
      </ul>
    </details>
  );
}
