import { useNavigate } from '@tanstack/react-router';
import type { PolicyVersionId } from '../../../shared/model/ids.ts';
import { Button } from '../../ui/Button.tsx';

/** Says that the draft differs from the last pushed version, and leads to the plan. */
export function DraftCard({ version }: { readonly version: PolicyVersionId | null }) {
  const navigate = useNavigate();
  return (
    <section className="draft-card" aria-label="Draft">
      <div className="row">
        <span className="dot" aria-hidden />
        <span className="grow">{version === null ? 'Draft, never pushed' : `Draft differs from v${version}`}</span>
      </div>
      <Button small onPress={() => void navigate({ to: '/changes' })}>
        Review and push
      </Button>
    </section>
  );
}
