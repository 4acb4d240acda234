import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Radius } from 'lucide-react';
import { api } from '../../api/client.ts';
import { AddHostsLink } from '../../ui/AddHostsLink.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { EmptyState, QueryState } from '../../ui/StateBlocks.tsx';
import { PathPanel } from './PathPanel.tsx';
import { ReachResult } from './ReachResult.tsx';
import type { ReachSearch } from './reach-search.ts';
import { StartPicker } from './StartPicker.tsx';
import { useLayerKeys } from './use-layer-keys.ts';

const directions = [
  { value: 'out', text: 'What it reaches' },
  { value: 'in', text: 'What reaches it' },
] as const;
const policies = [
  { value: 'live', text: 'Live policy' },
  { value: 'draft', text: 'Draft' },
] as const;
const hopChoices = [
  { value: '1', text: 'Direct only' },
  { value: '2', text: 'Within 2 hops' },
  { value: '3', text: 'Within 3 hops' },
  { value: '16', text: 'However far' },
] as const;
const DEFAULT_HOPS = 3;

/** The blast radius of a host or a zone: who gets how far, by what hosts run and by the draft. */
export function ReachScreen() {
  const search = useSearch({ from: '/reach' });
  const navigate = useNavigate({ from: '/reach' });
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const policy = useQuery(api.policy.get.queryOptions({ input: {} }));
  const names = [...(hosts.data ?? []).map(({ name }) => name), ...(policy.data?.policy.zones ?? []).map(({ name }) => `zone:${name}`)];
  const { of, direction = 'out', policy: shown = 'live', hops = DEFAULT_HOPS, to } = search;
  const change = (fields: Partial<ReachSearch>, replace = true) => void navigate({ search: (current) => ({ ...current, ...fields }), replace });
  useLayerKeys({ toggle: () => change({ policy: shown === 'live' ? 'draft' : 'live' }), close: () => change({ to: undefined }) });
  const hop = hopChoices.find(({ value }) => Number(value) === hops)?.value ?? '16';
  return (
    <div className="page">
      <PageHead title="Reach" detail="If somebody held this host, how far would they get?" />
      <div className="page-tools">
        <StartPicker label="Host or zone" value={of} options={names} placeholder="host or zone:NAME" onChange={(next) => change({ of: next, to: undefined }, false)} />
        <Segments label="Direction" value={direction} options={directions} onChange={(next) => change({ direction: next, to: undefined })} />
        <Segments label="Policy" value={shown} options={policies} onChange={(next) => change({ policy: next })} />
        <Choice label="Hops" labelHidden value={hop} options={hopChoices} onChange={(next) => change({ hops: Number(next) })} />
      </div>
      <div className="split">
        {of === undefined ? (
          <QueryState query={policy} what="zones">
            {(draft) => (
              <QueryState query={hosts} what="hosts">
                {(all) => <NoStart hosts={all.length} zones={draft.policy.zones.map(({ name }) => name)} onStart={(next) => change({ of: next }, false)} />}
              </QueryState>
            )}
          </QueryState>
        ) : (
          <Answer of={of} direction={direction} policy={shown} hops={hops} chosen={to} change={change} />
        )}
        {of === undefined || to === undefined || of.startsWith('zone:') ? null : (
          <PathPanel from={direction === 'out' ? of : to} to={direction === 'out' ? to : of} policy={shown} onClose={() => change({ to: undefined })} />
        )}
      </div>
    </div>
  );
}

const SHOWN_ZONES = 6;

/** Nothing is asked yet: the first zones are one press away, everything else is in the field above. */
function NoStart({ hosts, zones, onStart }: { readonly hosts: number; readonly zones: readonly string[]; readonly onStart: (of: string) => void }) {
  if (hosts === 0) {
    return (
      <EmptyState icon={Radius} title="Nothing to start from" action={<AddHostsLink />}>
        There are no hosts yet. Add some and collect from them: what listens there is what can be reached.
      </EmptyState>
    );
  }
  const starts = (
    <div className="row wrap centred">
      {zones.slice(0, SHOWN_ZONES).map((name) => (
        <Button key={name} onPress={() => onStart(`zone:${name}`)}>
          Zone {name}
        </Button>
      ))}
    </div>
  );
  return (
    <EmptyState icon={Radius} title="Choose a host or a zone" action={starts}>
      Then this shows which other hosts it reaches, or is reached from, in one connection or over others; what hosts run now beside the draft.
    </EmptyState>
  );
}

type AnswerProps = Required<Pick<ReachSearch, 'direction' | 'policy' | 'hops'>> & { readonly of: string; readonly chosen: string | undefined; readonly change: (fields: Partial<ReachSearch>, replace?: boolean) => void };

function Answer({ of, direction = 'out', policy = 'live', hops = DEFAULT_HOPS, chosen, change }: AnswerProps) {
  const reach = useQuery({ ...api.reach.of.queryOptions({ input: { of, direction, policy, hops } }), placeholderData: (previous) => previous });
  return (
    <QueryState query={reach} what="who gets how far">
      {(view) => (
        <ReachResult
          view={view}
          asked={{ of, direction, policy, hops }}
          chosen={chosen}
          onPath={(host) => change({ to: host })}
          onStart={(host) => change({ of: host, to: undefined }, false)}
        />
      )}
    </QueryState>
  );
}
