import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal as AriaModal, ModalOverlay } from 'react-aria-components';
import { IconButton } from './Button.tsx';

type ModalProps = { readonly title: string; readonly onClose: () => void; readonly children: ReactNode; readonly wide?: boolean; readonly isAlert?: boolean };

/** A dialog that is open while it is rendered. Escape and the cross close it; a press outside does not, so that typed text is not lost. */
export function Modal({ title, onClose, children, wide = false, isAlert = false }: ModalProps) {
  return (
    <ModalOverlay className="overlay" isOpen onOpenChange={(isOpen) => isOpen || onClose()}>
      <AriaModal className={`modal ${wide ? 'wide' : ''}`}>
        <Dialog role={isAlert ? 'alertdialog' : 'dialog'}>
          <div className="modal-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <IconButton label="Close" icon={X} onPress={onClose} />
          </div>
          {children}
        </Dialog>
      </AriaModal>
    </ModalOverlay>
  );
}
