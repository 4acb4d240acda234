import type { ReactNode } from 'react';
import { Form } from 'react-aria-components';
import { Button } from './Button.tsx';
import { ErrorNote } from './ErrorNote.tsx';
import { Modal } from './Modal.tsx';

type FormModalProps = {
  readonly title: string;
  readonly submitText: string;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  readonly isDanger?: boolean;
  readonly wide?: boolean;
  /** What the last attempt failed with; null when it did not. */
  readonly error?: unknown;
};

/** A dialog with one form: body, the sentence of the last failure, cancel and submit (Enter). */
export function FormModal({
  title,
  submitText,
  onSubmit,
  onClose,
  children,
  isBusy = false,
  isDisabled = false,
  isDanger = false,
  wide = false,
  error = null,
}: FormModalProps) {
  return (
    <Modal title={title} onClose={onClose} wide={wide}>
      <Form
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy && !isDisabled) onSubmit();
        }}
      >
        <div className="modal-body">
          {children}
          {error === null ? null : <ErrorNote error={error} />}
        </div>
        <div className="modal-foot">
          <Button onPress={onClose}>Cancel</Button>
          {/* Pending and not disabled: what is disabled loses the focus, and then Escape closes nothing. */}
          <Button type="submit" kind={isDanger ? 'danger' : 'primary'} isPending={isBusy} isDisabled={isDisabled}>
            {isBusy ? 'Working …' : submitText}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
