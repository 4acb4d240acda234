import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { errorSentence } from '../api/error-sentence.ts';
import type { Peer } from '../../shared/model/peer.ts';

const SHOWN_NAMES = 6;

/** Which hosts a peer matches now, under the field in which it is typed. Nobody is said loudly: such an end compiles to nothing. */
export function MatchNote({ peer }: { readonly peer: Peer }) {
  const matches = useQuery({ ...api.policy.matches.queryOptions({ input: { peer } }), placeholderData: (previous) => previous });
  if (peer.kind === 'any') return <>everyone, inside and outside the fleet</>;
  if (matches.error !== null) return <span className="field-error">{errorSentence(matches.error).title}</span>;
  if (matches.data === undefined) return <>looking …</>;
  const names = matches.data;
  if (names.length === 0 && peer.kind === 'cidr') return <>no known host, these addresses only</>;
  if (names.length === 0) return <span className="mark would-block">matches nobody now: a rule with this end lets nothing through</span>;
  const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : '';
  return (
    <>
      matches {names.length} {names.length === 1 ? 'host' : 'hosts'}: {names.slice(0, SHOWN_NAMES).join(', ')}
      {more}
    </>
  );
}
