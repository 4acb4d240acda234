import { Copy, ListPlus, X } from 'lucide-react';
import { useState } from 'react';
import type { FlowRow } from '../../../shared/contract/views.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { Button } from '../../ui/Button.tsx';
import { printFlowsCsv } from './flow-csv.ts';

type Props = { readonly flows: readonly FlowRow[]; readonly onDraft: () => void; readonly onClear: () => void };

/** What can be done with the chosen rows. */
export function FlowSelection({ flows, onDraft, onClear }: Props) {
  const [copied, setCopied] = useState<string | null>(null);
  const copy = () =>
    void navigator.clipboard.writeText(printFlowsCsv(flows)).then(
      () => setCopied(`${countText(flows.length, 'row')} copied as CSV`),
      () => setCopied('The clipboard was not given to this window; use Export CSV'),
    );
  return (
    <div className="page-tools selection" role="toolbar" aria-label="Selected flows">
      <span className="strong number">{flows.length.toLocaleString('en')} selected</span>
      <Button small icon={ListPlus} onPress={onDraft}>
        Draft rules
      </Button>
      <Button small icon={Copy} onPress={copy}>
        Copy as CSV
      </Button>
      <Button small kind="quiet" icon={X} onPress={onClear}>
        Clear selection
      </Button>
      <span className="muted small" role="status">
        {copied ?? ''}
      </span>
    </div>
  );
}
