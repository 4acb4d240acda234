import { skipToken, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { ContainmentOrder } from '../../shared/contract/containment.ts';
import { api } from '../api/client.ts';
import { FormModal } from '../ui/FormModal.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { ContainmentPreview } from './ContainmentPreview.tsx';
import { carryOut } from './carry-out.ts';

type Props = {
  readonly title: string;
  readonly submitText: string;
  readonly isDanger?: boolean;
  readonly reasonHint: string;
  /** Null while what was typed is no order yet. */
  readonly orderOf: (reason: string) => ContainmentOrder | null;
  readonly onClose: () => void;
  /** What it is about, above the reason. */
  readonly children: ReactNode;
};

/** An order with what it would change. It stays open until the order was taken, so that a refusal (a push is under way) costs nobody the reason that was typed. Nothing else of the draft is pushed with it. */
export function ContainmentDialog({ title, submitText, isDanger = false, reasonHint, orderOf, onClose, children }: Props) {
  const [reason, setReason] = useState('');
  const navigate = useNavigate();
  const order = orderOf(reason.trim());
  // A plan does not depend on the reason, so that it is not asked for again with each letter.
  const input = order === null ? skipToken : { ...order, reason: 'preview' };
  const plan = useQuery({ ...api.containments.plan.queryOptions({ input }), staleTime: 0, placeholderData: (previous) => previous });
  const start = useMutation({
    mutationFn: (planned: { order: ContainmentOrder; hash: string }) => carryOut(planned.order, planned.hash),
    onSuccess: () => {
      onClose();
      void navigate({ to: '/changes' });
    },
    // A stale plan is the usual reason.
    onError: () => void plan.refetch(),
  });
  // What is shown meanwhile is the plan of another duration, under another hash.
  const isReady = order !== null && plan.data !== undefined && !plan.isPlaceholderData && plan.data.refusals.length === 0 && order.reason !== '';
  return (
    <FormModal
      title={title}
      submitText={submitText}
      isDanger={isDanger}
      wide
      isBusy={start.isPending}
      isDisabled={!isReady}
      // Once the order is taken there is nothing left to plan.
      error={start.error ?? (start.isIdle ? plan.error : null)}
      onClose={onClose}
      onSubmit={() => order !== null && plan.data !== undefined && start.mutate({ order, hash: plan.data.hash })}
    >
      {children}
      <TextInput label="Reason" value={reason} onChange={setReason} placeholder={reasonHint} isRequired autoFocus />
      {plan.isLoading ? <p className="muted">Looking at what was seen …</p> : null}
      {order === null || plan.data === undefined ? null : <ContainmentPreview plan={plan.data} />}
    </FormModal>
  );
}
