import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { CollectionView, SiteView } from '../../../shared/contract/bundles.ts';
import { api } from '../../api/client.ts';
import type { AirgapAsk } from '../../routes.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { exactTime, TimeAgo } from '../../ui/TimeAgo.tsx';
import { nextOf, type Station, stationsOf } from './site-track.ts';

type Props = { readonly site: SiteView; readonly ask: (what: AirgapAsk, host?: string) => void };

/** A host that bundles tell of: its round trip as four stations, what is next, and its bundles, which can be taken out again. */
export function SiteCard({ site, ask }: Props) {
  const heading = useId();
  return (
    <li className="card site" aria-labelledby={heading}>
      <div className="card-head">
        <h2 id={heading} className="truncate">
          <Link to="/hosts/$name" params={{ name: site.host }}>
            {site.host}
          </Link>
        </h2>
        {site.collected === 'unsigned' ? <Mark meaning="would-block" text="UNSIGNED" /> : null}
        <span className="small muted grow">Next: {nextOf(site)}</span>
      </div>
      <ol className="stations" aria-label={`Round trip of ${site.host}`}>
        {stationsOf(site).map((station) => (
          <StationItem key={station.key} station={station} host={site.host} ask={ask} />
        ))}
      </ol>
      {site.bundles.length === 0 ? null : <Bundles bundles={site.bundles} />}
    </li>
  );
}

type StationProps = { readonly station: Station; readonly host: string; readonly ask: Props['ask'] };

function StationItem({ station: { key, title, mark, lines, problems, act }, host, ask }: StationProps) {
  return (
    <li className="site-station" data-station={key} data-meaning={mark.meaning}>
      <h3>{title}</h3>
      <Mark {...mark} />
      {lines.map(({ text, atMs }) => (
        <p key={text} className="small inert">
          {text}
          {atMs === null ? null : (
            <>
              , <TimeAgo atMs={atMs} />
            </>
          )}
        </p>
      ))}
      {problems.map((problem) => (
        <p key={problem} className="small inert problem">
          {problem}
        </p>
      ))}
      {act === null || mark.meaning === 'allowed' ? null : (
        <Button small aria-label={`${act.text}: ${host}`} onPress={() => ask(act.ask, act.ask === 'export' ? host : undefined)}>
          {act.text}
        </Button>
      )}
    </li>
  );
}

function Bundles({ bundles }: { readonly bundles: readonly CollectionView[] }) {
  return (
    <details className="site-bundles">
      <summary>{bundles.length === 1 ? 'Its bundle' : `Its ${bundles.length} bundles`}</summary>
      <div className="scroll-x">
        <table className="plain-table" aria-label={`Bundles of ${bundles[0]?.host ?? ''}`}>
          <thead>
            <tr>
              <th scope="col" className="number">
                Id
              </th>
              <th scope="col">Signature</th>
              <th scope="col">Made</th>
              <th scope="col">Imported</th>
              <th scope="col" className="number">
                Flows
              </th>
              <th scope="col">Rules in it</th>
              <th scope="col">In use</th>
              <th scope="col">
                <span className="visually-hidden">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {bundles.map((bundle) => (
              <BundleRow key={bundle.id} bundle={bundle} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function BundleRow({ bundle: { id, kit, collectedAtMs, importedAtMs, importedBy, flows, rules, usesFacts } }: { readonly bundle: CollectionView }) {
  const [isAsked, setAsked] = useState(false);
  const remove = useMutation(api.bundles.remove.mutationOptions());
  return (
    <tr>
      <td className="number">{id}</td>
      <td>{kit === null ? <Mark meaning="would-block" text="UNSIGNED" /> : <span className="mono">{kit}</span>}</td>
      <td className="nowrap">{exactTime(collectedAtMs)}</td>
      <td className="nowrap">
        <TimeAgo atMs={importedAtMs} />, {importedBy}
      </td>
      <td className="number">{flows.toLocaleString('en')}</td>
      <td>{rules.length === 0 ? <span className="muted">none</span> : rules.join(', ')}</td>
      <td>{usesFacts ? 'yes' : 'no'}</td>
      <td>
        <div className="row">
          {isAsked ? (
            <>
              <Button small kind="danger" isDisabled={remove.isPending} onPress={() => remove.mutate({ id })}>
                Remove it and its flows
              </Button>
              <Button small onPress={() => setAsked(false)}>
                Keep
              </Button>
            </>
          ) : (
            <Button small aria-label={`Remove bundle ${id}`} onPress={() => setAsked(true)}>
              Remove
            </Button>
          )}
        </div>
        {remove.error === null ? null : <ErrorNote error={remove.error} />}
      </td>
    </tr>
  );
}
