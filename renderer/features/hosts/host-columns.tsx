import { Link } from '@tanstack/react-router';
import { Clock } from 'lucide-react';
import type { ContainmentView } from '../../../shared/contract/containment.ts';
import type { HostView } from '../../../shared/contract/views.ts';
import { Check } from '../../ui/Check.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { LabelChips } from '../../ui/LabelChips.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { type MenuAction, RowMenu } from '../../ui/Menu.tsx';
import { ModeBadge } from '../../ui/ModeBadge.tsx';
import { bothTimes, TimeAgo } from '../../ui/TimeAgo.tsx';
import { waitText } from '../../../shared/text/wait-text.ts';
import { printLabels } from '../../../shared/text/label-text.ts';
import { remainingText } from '../../editors/containment-time.ts';
import { HOST_STATES } from './host-states.ts';
import { HostStateMark } from './HostStateMark.tsx';
import { problemOf } from './problem-words.ts';

type Selection = {
  readonly chosen: ReadonlySet<string>;
  readonly choose: (name: string, isChosen: boolean) => void;
  readonly chooseAll: (isChosen: boolean) => void;
  readonly shown: readonly HostView[];
  readonly nowMs: number;
  /** What contains a host at that time; empty for most. */
  readonly containedOf: (host: HostView) => readonly ContainmentView[];
};

/** Red, so that nobody overlooks it; the page of the host has who, why and until when. */
function Contained({ views, nowMs }: { readonly views: readonly ContainmentView[]; readonly nowMs: number }) {
  const [first] = views;
  if (first === undefined) return null;
  return (
    <span className="inert" title={views.map(({ text, containment }) => `${text}, ${remainingText(Date.parse(containment.endsAt), nowMs)} left (until ${containment.endsAt})`).join('\n')}>
      <Mark meaning="blocked" text={first.containment.kind === 'quarantine' ? 'quarantined' : 'service closed'} />
    </span>
  );
}

/** A head with what its column means, for the pointer and for screen readers. */
function Head({ text, meaning }: { readonly text: string; readonly meaning: string }) {
  return (
    <span title={meaning}>
      {text}
      <span className="visually-hidden">: {meaning}</span>
    </span>
  );
}

/** What the draft would have it run: the mode, and whether that is what it runs already. */
function Desired({ host }: { readonly host: HostView }) {
  if (!host.managed) return <span className="muted">–</span>;
  const isSame = host.draftBundle !== null && host.draftBundle === host.appliedBundle;
  return (
    <span className="row" title={isSame ? 'What the draft says is what was applied' : 'A push would change this host'}>
      <ModeBadge mode={host.draftMode} />
      {isSame ? null : <span className="strong">*</span>}
    </span>
  );
}

/** When its state was last read back from the host itself, and when there was any contact. */
function Verified({ host }: { readonly host: HostView }) {
  const contact = host.lastContactAtMs === null ? 'never contacted' : `last contact ${bothTimes(host.lastContactAtMs)}`;
  return host.verifiedAtMs === null ? (
    <span className="muted" title={contact}>
      never
    </span>
  ) : (
    <TimeAgo atMs={host.verifiedAtMs} />
  );
}

/** Version and, when the host has one, the mode that it runs. */
function Applied({ host }: { readonly host: HostView }) {
  if (host.appliedVersion === null) return <span className="muted">{host.appliedBundle === null ? '–' : 'observe only'}</span>;
  return <span>v{host.appliedVersion}{host.appliedMode === null ? '' : ` ${host.appliedMode}`}</span>;
}

/** A push that it missed, and is still to get. */
function Waits({ host }: { readonly host: HostView }) {
  return host.waits === null ? null : (
    <span className="inert" title={`It ${waitText(host.waits)}: it was away when that was pushed`}>
      <Mark meaning="unknown" icon={Clock} text={`waits for version ${host.waits.version}`} />
    </span>
  );
}

function ZoneCell({ host }: { readonly host: HostView }) {
  if (host.zone === null) return <span className="muted">{host.managed ? 'no zone' : '–'}</span>;
  return (
    <span className="row">
      <span className="truncate">{host.zone}</span>
    </span>
  );
}

/** Short words that are always whole, and the sentence below them as far as there is room; the tooltip has all of it. */
function ProblemCell({ host }: { readonly host: HostView }) {
  const problem = problemOf(host);
  if (problem === null) return null;
  return (
    <span className="inert problem" title={problem.all}>
      <Mark meaning={problem.isFailure ? 'blocked' : 'would-block'} text={problem.short} />
      <span className="sentence truncate">{problem.sentence}</span>
    </span>
  );
}

export function hostColumns(selection: Selection, actionsOf: (host: HostView) => readonly MenuAction[]): readonly Column<HostView>[] {
  const count = selection.shown.filter((host) => selection.chosen.has(host.name)).length;
  const all = count > 0 && count === selection.shown.length;
  return [
    {
      id: 'choose',
      header: <Check label="Select all hosts shown" isSelected={all} isIndeterminate={count > 0 && !all} onChange={selection.chooseAll} />,
      minPx: 32,
      cell: (host) => (
        <Check label={`Select ${host.name}`} isSelected={selection.chosen.has(host.name)} onChange={(isChosen) => selection.choose(host.name, isChosen)} />
      ),
    },
    {
      id: 'name',
      header: 'Host',
      minPx: 126,
      grow: 1.2,
      sortBy: (host) => host.name,
      cell: (host) => (
        <Link className="strong" to="/hosts/$name" params={{ name: host.name }} title={host.addresses.join(', ')}>
          {host.name}
        </Link>
      ),
    },
    { id: 'state', header: 'State', minPx: 116, sortBy: (host) => HOST_STATES[host.state].text, cell: (host) => <HostStateMark state={host.state} isSilent={host.lastError !== null} /> },
    {
      id: 'zone',
      header: 'Zone',
      minPx: 96,
      grow: 1,
      sortBy: (host) => host.zone ?? '',
      cell: (host) => <ZoneCell host={host} />,
    },
    {
      id: 'labels',
      header: 'Labels',
      minPx: 190,
      grow: 1,
      sortBy: (host) => printLabels(host.labels),
      cell: (host) => <LabelChips labels={host.labels} isShort />,
    },
    { id: 'desired', header: <Head text="Desired" meaning="the mode that the draft gives it; * where a push would change what it runs" />, minPx: 108, sortBy: (host) => host.draftMode, cell: (host) => <Desired host={host} /> },
    { id: 'applied', header: <Head text="Applied" meaning="the version and mode that was last sent and confirmed" />, minPx: 96, sortBy: (host) => host.appliedVersion ?? 0, cell: (host) => <Applied host={host} /> },
    { id: 'verified', header: <Head text="Verified" meaning="when the host itself last said what it runs" />, minPx: 84, sortBy: (host) => -(host.verifiedAtMs ?? 0), cell: (host) => <Verified host={host} /> },
    {
      id: 'problem',
      header: 'Problem',
      // Room for the longest of the short words beside the clock of a push that was missed.
      minPx: 134,
      grow: 2.6,
      sortBy: (host) => selection.containedOf(host)[0]?.text ?? host.lastError?.title ?? host.warnings[0]?.text ?? '~',
      cell: (host) => (
        <span className="row">
          <Waits host={host} />
          <Contained views={selection.containedOf(host)} nowMs={selection.nowMs} />
          <ProblemCell host={host} />
        </span>
      ),
    },
    {
      id: 'menu',
      header: <span className="visually-hidden">Actions</span>,
      minPx: 44,
      cell: (host) => <RowMenu label={`Actions for ${host.name}`} actions={actionsOf(host)} />,
    },
  ];
}
