import type { ContainmentView } from '../../shared/contract/containment.ts';
import { ContainmentDialog } from './ContainmentDialog.tsx';

/** Ends a containment before its time; its hosts then run exactly what they ran before. */
export function ReleaseDialog({ view, onClose }: { readonly view: ContainmentView; readonly onClose: () => void }) {
  return (
    <ContainmentDialog
      title={`Release: ${view.text}`}
      submitText="Release now"
      reasonHint="What was found and done"
      orderOf={(reason) => ({ kind: 'release', target: view.containment.id, reason })}
      onClose={onClose}
    >
      <p>Each host that it is about goes back to exactly the rules that it ran without it: {view.hosts.join(', ')}.</p>
    </ContainmentDialog>
  );
}
