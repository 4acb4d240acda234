import type { WaitingLabel } from '../../../shared/contract/label-rules.ts';
import { LabelEditDialog } from './LabelEditDialog.tsx';

/** Takes hosts at their word, after somebody saw what that changes. `waiting` is not empty. */
export function AcceptLabelDialog({ waiting, onClose }: { readonly waiting: readonly WaitingLabel[]; readonly onClose: () => void }) {
  const title = waiting.length === 1 ? `Accept what ${waiting[0]?.hostName ?? ''} says` : `Accept what ${waiting.length} hosts say`;
  const claims = waiting.map(({ rule, hostName, holds }) => ({ rule, hostName, holds }));
  return (
    <LabelEditDialog title={title} submitText="Accept" edit={{ kind: 'accept', claims }} onClose={onClose}>
      <ul className="stack tight small inert">
        {waiting.map(({ rule, hostName, number, holds, because }) => (
          <li key={`${rule} ${hostName}`}>
            <span className="strong">{hostName}</span>, label rule {number}: {holds ? because : `no longer so that ${because}`}
          </li>
        ))}
      </ul>
      <p className="muted">A host that somebody has broken into says what it likes: look at it before you believe it.</p>
    </LabelEditDialog>
  );
}
