import type { ReactNode } from 'react';
import { Tooltip } from 'react-aria-components';

export function Hint({ children }: { readonly children: ReactNode }) {
  return (
    <Tooltip className="tooltip" offset={6}>
      {children}
    </Tooltip>
  );
}
