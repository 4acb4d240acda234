import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, FileText, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { FRAMEWORK_NAMES, Framework, REPORT_KINDS } from '../../../shared/contract/report-kinds.ts';
import { api, client } from '../../api/client.ts';
import { printReport } from '../../api/print-report.ts';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { RadioChoice } from '../../ui/RadioChoice.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { orderOf, REPORT_PERIODS, type ReportSearch, reportFileName } from './report-search.ts';
import { ReportPreview } from './ReportPreview.tsx';

const kinds = REPORT_KINDS.map(({ kind, title, about }) => ({ value: kind, text: title, note: about }));
const frameworks = [{ value: 'all' as const, text: 'All frameworks' }, ...Framework.options.map((value) => ({ value, text: FRAMEWORK_NAMES[value] }))];

/** Every kind of report with its preview: the same document that is printed. Signed packs have many files and are made on the command line. */
export function ReportsScreen() {
  const search = useSearch({ from: '/reports' });
  const navigate = useNavigate({ from: '/reports' });
  const [openedAtMs, setOpenedAtMs] = useState(() => Date.now());
  const order = orderOf(search, openedAtMs);
  // What it shows is of hours that have ended: it is made again when somebody asks for it, and not with every flow that comes in.
  const report = useQuery({ ...api.reports.render.queryOptions({ input: order }), gcTime: 0 });
  const pdf = useMutation({ mutationFn: (html: string) => printReport(html), onSuccess: (file) => saveFile(reportFileName(order, 'pdf'), file) });
  const csv = useMutation({ mutationFn: () => client.reports.csv(order), onSuccess: ({ text }) => saveFile(reportFileName(order, 'csv'), new Blob([text], { type: 'text/csv' })) });
  const change = (fields: Partial<ReportSearch>) => void navigate({ search: (current) => ({ ...current, ...fields }), replace: true });
  const again = () => {
    setOpenedAtMs(Date.now());
    void report.refetch();
  };
  const html = report.data?.html;
  return (
    <div className="page">
      <PageHead title="Reports" detail="limits first; times in UTC">
        <Button icon={RotateCw} isDisabled={report.isFetching} onPress={again}>
          Make again
        </Button>
        <Button icon={Download} isDisabled={csv.isPending} onPress={() => csv.mutate()}>
          {csv.isPending ? 'Writing …' : 'Save CSV'}
        </Button>
        <Button icon={FileText} kind="primary" isDisabled={html === undefined || pdf.isPending} onPress={() => html !== undefined && pdf.mutate(html)}>
          {pdf.isPending ? 'Printing …' : 'Save PDF'}
        </Button>
      </PageHead>
      <div className="report-desk">
        <div className="report-choice">
          <Choice label="Period" value={search.period ?? '30d'} options={REPORT_PERIODS} onChange={(period) => change({ period })} />
          <RadioChoice label="Report" value={order.kind} options={kinds} onChange={(kind) => change({ kind })} />
          {order.kind === 'frameworks' ? <Choice label="Framework" value={search.framework ?? 'all'} options={frameworks} onChange={(value) => change({ framework: value === 'all' ? undefined : value })} /> : null}
          <p className="muted small">
            A signed pack with every table, for an auditor who does not trust this console: <code>firebreak report pack --out DIR</code>
          </p>
          {pdf.error === null ? null : <ErrorNote error={pdf.error} />}
          {csv.error === null ? null : <ErrorNote error={csv.error} />}
        </div>
        <QueryState query={report} what="the report">
          {(made) => <ReportPreview html={made.html} title={kinds.find(({ value }) => value === order.kind)?.text ?? ''} />}
        </QueryState>
      </div>
    </div>
  );
}
