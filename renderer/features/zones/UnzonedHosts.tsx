import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client.ts';

/** What the address of the Hosts screen calls no zone. */
const NO_ZONE = '-';

/** More chips than these nobody reads; the rest is a filter of the Hosts screen. */
const SHOWN = 60;

/** The managed hosts that no zone selects: recorded, never judged. Nothing is drawn when there are none. */
export function UnzonedHosts() {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const unzoned = hosts.data?.filter((host) => host.managed && host.zone === null) ?? [];
  if (unzoned.length === 0) return null;
  return (
    <section className="card unzoned" aria-label="Hosts in no zone">
      <div className="card-head">
        <h2 className="grow">In no zone</h2>
        <span className="muted number">{`${unzoned.length.toLocaleString('en')} ${unzoned.length === 1 ? 'host' : 'hosts'}, observed only`}</span>
      </div>
      <p className="card-body row wrap">
        {unzoned.slice(0, SHOWN).map((host) => (
          <Link key={host.id} className="chip" to="/hosts/$name" params={{ name: host.name }}>
            {host.name}
          </Link>
        ))}
        {unzoned.length <= SHOWN ? null : <Link to="/hosts" search={{ zone: NO_ZONE }}>{`and ${(unzoned.length - SHOWN).toLocaleString('en')} more`}</Link>}
      </p>
    </section>
  );
}
