import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { HostDiff } from '../../../shared/model/diff.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ModeBadge } from '../../ui/ModeBadge.tsx';
import { NftDiff } from '../../ui/NftDiff.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';

const signs = { added: '+', removed: '−', changed: '~', mode: '◆' };
const effectWords = { widens: 'lets more through', tightens: 'lets less through', same: 'same effect' };

/** One host: its counts in a line; pressed, its rows, and on demand the nft text before and after. */
export function HostDiffRow({ host }: { readonly host: HostDiff }) {
  const [isOpen, setOpen] = useState(false);
  const [showsText, setShowsText] = useState(false);
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const count = (effect: 'widens' | 'tightens') => host.rows.filter((row) => row.effect === effect).length;
  return (
    <li className="host-diff">
      <button type="button" className="host-diff-head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Chevron size={14} aria-hidden />
        <span className="strong name truncate">{host.hostName}</span>
        <span className="row modes">
          {host.modeBefore === null || host.modeBefore === host.modeAfter ? null : (
            <>
              <ModeBadge mode={host.modeBefore} />
              <span className="muted">→</span>
            </>
          )}
          <ModeBadge mode={host.modeAfter} />
        </span>
        <span className="muted truncate grow">{host.zone ?? 'no zone'}</span>
        <span className="small muted">
          {count('tightens')} tighter, {count('widens')} wider
        </span>
      </button>
      {isOpen ? (
        <div className="host-diff-body">
          <ul className="stack tight">
            {host.rows.map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of one diff have no identity but their place
              <li key={index} className={`diff-line ${row.effect}`}>
                <span aria-hidden className="sign">
                  {signs[row.change]}
                </span>
                <span className="visually-hidden">{row.change}: </span>
                <span className="inert grow">
                  {row.direction === 'none' ? '' : `${row.direction}: `}
                  {row.text}
                </span>
                <span className="small muted">{effectWords[row.effect]}</span>
              </li>
            ))}
          </ul>
          <Button small kind="quiet" onPress={() => setShowsText(!showsText)} aria-expanded={showsText}>
            {showsText ? 'Hide nft text' : 'Show nft text'}
          </Button>
          {showsText ? <HostText hostName={host.hostName} /> : null}
        </div>
      ) : null}
    </li>
  );
}

function HostText({ hostName }: { readonly hostName: string }) {
  const text = useQuery({ ...api.pushes.text.queryOptions({ input: { hostName } }), staleTime: 0 });
  return (
    <QueryState query={text} what="nft text">
      {({ before, after }) => <NftDiff before={before ?? ''} after={after} />}
    </QueryState>
  );
}
