import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HostDetail } from '../../../shared/contract/views.ts';
import { api } from '../../api/client.ts';
import { NftDiff } from '../../ui/NftDiff.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { SideBySide } from './SideBySide.tsx';

const views = [
  { value: 'beside', text: 'Side by side' },
  { value: 'diff', text: 'Difference' },
  { value: 'after', text: 'Draft' },
  { value: 'before', text: 'Running' },
] as const;

/** How far what was sent is known to be what runs: the kernel's hash is read with each state. */
function runningWords({ status, verifiedAtMs }: HostDetail): string {
  if (status === null || verifiedAtMs === null) return 'as last sent; its state was never read';
  return status.kernelHash === null || status.kernelHash !== status.expectedKernelHash ? 'as last confirmed; the kernel was not compared' : 'as last confirmed; the kernel agrees';
}

/** Why there is nothing to hold the draft against. */
const unknownWords = ({ appliedBundle }: HostDetail): string =>
  appliedBundle === null
    ? 'Nothing was sent to this host yet, so only the draft can be shown.'
    : 'Its kernel runs something that Firebreak did not send, so what runs there has no text here. The timeline says what its agent saw; reading its state again tells whether it was put right, and the next push sends everything anew.';

/** The nft text of one host: what runs there as it was last confirmed, what the draft would make of it, and the difference. */
export function RulesTextCard({ host }: { readonly host: HostDetail }) {
  const hostName = host.name;
  const text = useQuery(api.pushes.text.queryOptions({ input: { hostName } }));
  const [view, setView] = useState<(typeof views)[number]['value']>('after');
  return (
    <section className="card" aria-label="nft text">
      <div className="card-head">
        <h2 className="grow">nft text</h2>
        <Segments label="Which text" value={view} options={views} onChange={setView} />
      </div>
      <QueryState query={text} what="nft text">
        {({ before, after }) => {
          if (view === 'after') return <NftDiff before={after} after={after} showAll />;
          if (before === null) return <p className="card-body muted">{unknownWords(host)}</p>;
          if (view === 'beside') return <SideBySide before={before} after={after} heads={[`Running: ${runningWords(host)}`, 'Compiled from the draft']} />;
          return <NftDiff before={view === 'diff' ? before : after} after={view === 'diff' ? after : before} showAll={view === 'before'} />;
        }}
      </QueryState>
    </section>
  );
}
