import { Check as CheckIcon, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox } from 'react-aria-components';

type CheckProps = {
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
  readonly children?: ReactNode;
  /** Needed where there are no children. */
  readonly label?: string;
  readonly isIndeterminate?: boolean;
};

export function Check({ isSelected, onChange, children, label, isIndeterminate = false }: CheckProps) {
  return (
    <Checkbox
      className="checkbox"
      isSelected={isSelected}
      isIndeterminate={isIndeterminate}
      onChange={onChange}
      {...(label === undefined ? {} : { 'aria-label': label })}
    >
      <span className="box" aria-hidden>
        {isIndeterminate ? <Minus size={12} strokeWidth={3} /> : <CheckIcon size={12} strokeWidth={3} />}
      </span>
      {children}
    </Checkbox>
  );
}
