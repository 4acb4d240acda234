import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { NftDiff } from '../../ui/NftDiff.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';

const views = [
  { value: 'diff', text: 'Difference' },
  { value: 'after', text: 'Draft' },
  { value: 'before', text: 'Sent' },
] as const;

/** The nft text of one host: what the draft would send, what was sent, and the difference. */
export function RulesTextCard({ hostName }: { readonly hostName: string }) {
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
          if (view === 'diff') return <NftDiff before={before ?? ''} after={after} />;
          const shown = view === 'before' ? (before ?? '# nothing was sent to this host yet') : after;
          return <NftDiff before={shown} after={shown} showAll />;
        }}
      </QueryState>
    </section>
  );
}
