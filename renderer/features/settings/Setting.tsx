import type { ReactNode } from 'react';

/** One setting: its name, the control, and what it means. */
export function Setting({ name, note, children }: { readonly name: string; readonly note: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="setting">
      <h3>{name}</h3>
      <div className="stack tight">
        <div className="row">{children}</div>
        <p className="small muted">{note}</p>
      </div>
    </div>
  );
}
