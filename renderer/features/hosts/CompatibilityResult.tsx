import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { type HostCompatibility, printCompatibility } from '../../../shared/model/compatibility.ts';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { CompatibilityHost } from './CompatibilityHost.tsx';
import { closeCheck } from './compatibility-check.ts';
import { countLevels, sortByLevel } from './compatibility-look.ts';

type Props = { readonly hosts: readonly HostCompatibility[]; readonly takenAtMs: number };

/** Every host with its findings, the worst first; as text it is what `firebreak agent check --out` writes. */
export function CompatibilityResult({ hosts, takenAtMs }: Props) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  const text = printCompatibility(hosts, takenAtMs);
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied('yes'),
      () => setCopied('refused'),
    );
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable) */}
      <div className="modal-body" role="region" aria-label="Findings" tabIndex={0}>
        <p className="muted">
          {hosts.length === 1 ? '' : `${hosts.length} hosts: ${countLevels(hosts)}. `}
          Looked at <TimeAgo atMs={takenAtMs} />; nothing was written to a host.
        </p>
        {copied === 'refused' ? (
          <Note kind="error" title="The clipboard did not take the text. Select it here.">
            <pre className="code-line">{text}</pre>
          </Note>
        ) : null}
        {sortByLevel(hosts).map((host) => (
          <CompatibilityHost key={host.hostName} host={host} isAlone={hosts.length === 1} />
        ))}
      </div>
      <div className="modal-foot">
        <Button icon={copied === 'yes' ? Check : Copy} onPress={copy}>
          {copied === 'yes' ? 'Copied' : 'Copy as text'}
        </Button>
        <Button kind="primary" onPress={closeCheck}>
          Close
        </Button>
      </div>
    </>
  );
}
