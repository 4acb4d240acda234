import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Compass, FolderOpen, type LucideIcon, Server } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '../../api/client.ts';
import { loadAgain } from '../../api/load-again.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { workspaceName } from '../../ui/workspace-name.ts';

/** The first thing that an empty workspace shows: three ways in. */
export function WelcomeScreen() {
  const info = useQuery(api.workspace.info.queryOptions({ input: {} }));
  return (
    <div className="page">
      <div className="page-body welcome">
        <header>
          <h1>Welcome to Firebreak</h1>
          <p className="muted">
            See who talks to whom between your Linux hosts, write down what is meant to, and let their own kernels refuse the rest. Everything stays in one file on this machine
            {info.data === undefined ? '' : `: ${workspaceName(info.data.path)}`}.
          </p>
        </header>
        <div className="doors">
          <SampleDoor isSample={info.data?.sample === true} />
          <HostsDoor isSample={info.data?.sample === true} />
          <FileDoor />
        </div>
      </div>
    </div>
  );
}

type DoorProps = { readonly icon: LucideIcon; readonly title: string; readonly text: string; readonly children: ReactNode };

function Door({ icon: Icon, title, text, children }: DoorProps) {
  return (
    <section className="card door" aria-label={title}>
      <Icon size={24} strokeWidth={1.5} aria-hidden />
      <h2>{title}</h2>
      <p className="muted grow">{text}</p>
      {children}
    </section>
  );
}

function SampleDoor({ isSample }: { readonly isSample: boolean }) {
  const navigate = useNavigate();
  const openSample = useMutation(api.workspace.openSample.mutationOptions({ onSuccess: loadAgain }));
  return (
    <Door
      icon={Compass}
      title="Explore the sample site"
      text="A made-up company: 57 hosts, eight applications, a month of flows. Somebody runs a service that nobody ordered, somebody scans, and a rule was forgotten. It has a file of its own and connects to nothing."
    >
      <Button kind="primary" isPending={openSample.isPending} onPress={() => (isSample ? void navigate({ to: '/map' }) : openSample.mutate({ anew: false }))}>
        {openSample.isPending ? 'Making the sample …' : isSample ? 'Look at its map' : 'Explore the sample'}
      </Button>
      <p className="small muted">Ready in some seconds. Edit, simulate and plan as you like: nothing can break.</p>
      {openSample.error === null ? null : <ErrorNote error={openSample.error} />}
    </Door>
  );
}

function HostsDoor({ isSample }: { readonly isSample: boolean }) {
  const navigate = useNavigate();
  const text = isSample
    ? 'Hosts of your own belong into a workspace of your own: the sample connects to nothing.'
    : 'You need a login over SSH and sudo. Compare the host’s key, and let Firebreak check what the host can do: a small agent then records, and blocks nothing until you say so.';
  return (
    <Door icon={Server} title="Add hosts" text={text}>
      {isSample ? (
        <Button onPress={() => void navigate({ to: '/workspace', search: { ask: 'new' } })}>Make a workspace</Button>
      ) : (
        <Button onPress={() => void navigate({ to: '/hosts' })}>Add hosts</Button>
      )}
      <p className="small muted">
        In a script: <span className="mono">firebreak host add NAME --address root@10.0.0.5</span>
      </p>
    </Door>
  );
}

function FileDoor() {
  const navigate = useNavigate();
  return (
    <Door
      icon={FolderOpen}
      title="Open or import a file"
      text="Open a workspace or one of its backups, take a policy from a YAML file, or read the flow logs of a firewall, a cloud or a sensor: who talks to whom is then known before any agent is."
    >
      <Button onPress={() => void navigate({ to: '/workspace', search: { ask: 'open' } })}>Open a workspace</Button>
      <p className="small muted">
        <Link to="/rules">Policy file</Link> (on the Rules screen) · <Link to="/flows" search={{ ask: 'import' }}>
          Flow logs
        </Link>
      </p>
    </Door>
  );
}
