import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { countText } from '../../../shared/text/amount-text.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { countOutcomes, outcomeLook, sortOutcomes } from './onboard-look.ts';
import { closeOnboarding, type OnboardRun, runOnboarding, useShownOnboarding } from './onboard-run.ts';

/** The open onboarding, if one is: its progress, then what came of each host. Part of every screen, because it may end on another one. */
export function OnboardingDialog() {
  const { shown } = useShownOnboarding();
  return shown === null ? null : <ShownRun store={shown} />;
}

function ShownRun({ store }: { readonly store: StoreApi<OnboardRun> }) {
  const run = useStore(store);
  return (
    <Modal title={run.title} onClose={closeOnboarding} wide>
      {run.state === 'running' ? <Running run={run} /> : run.state === 'done' ? <Ended run={run} /> : <Failed run={run} />}
    </Modal>
  );
}

function Running({ run: { title, stop, done, total, underWay, isStopping } }: { readonly run: Extract<OnboardRun, { state: 'running' }> }) {
  return (
    <>
      <div className="modal-body">
        <p className="muted">Each host: its key, whether the agent can run there, the install, its first flows. The agent observes and blocks nothing.</p>
        <ProgressBar label={title} done={done} total={total} />
        <p className="small muted" role="status">
          {done} of {countText(total, 'host')} done.{isStopping ? ' No further host is begun; those under way are brought to their end.' : ''}
        </p>
        <ul className="task-hosts" aria-label="Under way">
          {[...underWay].map(([name, text]) => (
            <li key={name} className="small inert">
              {name}: <span className="muted">{text}</span>
            </li>
          ))}
        </ul>
      </div>
      <div className="modal-foot">
        <Button onPress={closeOnboarding}>Go on in the background</Button>
        <Button onPress={stop} isDisabled={isStopping}>
          Stop after those under way
        </Button>
      </div>
    </>
  );
}

function Ended({ run: { hosts } }: { readonly run: Extract<OnboardRun, { state: 'done' }> }) {
  const left = hosts.filter(({ ok }) => !ok).map(({ hostName }) => hostName);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable) */}
      <div className="modal-body" role="region" aria-label="What came of each host" tabIndex={0}>
        <p>
          {countText(hosts.length, 'host')}: {countOutcomes(hosts)}.
        </p>
        <table className="plain-table" aria-label="Onboarded hosts">
          <thead>
            <tr>
              <th scope="col">Host</th>
              <th scope="col">Result</th>
              <th scope="col">Detail</th>
            </tr>
          </thead>
          <tbody>
            {sortOutcomes(hosts).map((host) => (
              <tr key={host.hostName}>
                <td>{host.hostName}</td>
                <td>
                  <Mark meaning={outcomeLook(host).meaning} text={outcomeLook(host).text} />
                </td>
                <td className="inert">{host.outcome === 'stopped' ? '' : host.error === null ? host.text : `${host.error.title} ${host.error.hint}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="modal-foot">
        {left.length === 0 ? null : <Button onPress={() => void runOnboarding(left)}>Try the {countText(left.length, 'host')} again</Button>}
        <Button kind="primary" onPress={closeOnboarding}>
          Close
        </Button>
      </div>
    </>
  );
}

function Failed({ run: { error } }: { readonly run: Extract<OnboardRun, { state: 'failed' }> }) {
  return (
    <div className="modal-body">
      <ErrorNote error={error} />
    </div>
  );
}
