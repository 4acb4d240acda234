import { ScanSearch } from 'lucide-react';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Note } from '../../ui/Note.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { EmptyState } from '../../ui/StateBlocks.tsx';
import { AuditSources } from './AuditSources.tsx';
import { useAudit } from './audit-store.ts';
import { AuditResult } from './AuditResult.tsx';

/** An audit from files alone: what is read on the left, what it says on the right. Nothing is connected to. */
export function OfflineAuditView() {
  const { run, summary, start, stop, query } = useAudit();
  const isEmpty = query.paths.length === 0 && !query.bundles;
  return (
    <div className="report-desk">
      <div className="report-choice audit-choice">
        <AuditSources />
        {run.state === 'running' ? (
          <section className="stack tight" aria-label="Audit in progress">
            <ProgressBar label="Audit" done={run.done} total={run.total} />
            <p className="small muted inert" role="status">
              {run.total === 0 ? run.text : `${run.done} of ${run.total}: ${run.text}`}
            </p>
            <Button onPress={stop}>Cancel the audit</Button>
          </section>
        ) : (
          <Button kind="primary" icon={ScanSearch} isDisabled={isEmpty} onPress={() => void start()}>
            {summary === null ? 'Audit' : 'Audit again'}
          </Button>
        )}
        {run.state === 'failed' ? <ErrorNote error={run.error} /> : null}
        {run.state === 'stopped' ? <Note kind="plain" title="Cancelled." /> : null}
      </div>
      <div className="page-body audit-body">
        {summary === null ? (
          <EmptyState icon={ScanSearch} title="Nothing was audited yet">
            From imported bundles, listings of nft and iptables-save, and Ansible inventories: what the rules let in, what a default deny would cut, what listens to everyone and was never used, who reaches most hosts, and what could not be
            understood.
          </EmptyState>
        ) : (
          <AuditResult summary={summary} />
        )}
      </div>
    </div>
  );
}
