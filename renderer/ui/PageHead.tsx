import type { ReactNode } from 'react';

type PageHeadProps = { readonly title: ReactNode; readonly detail?: ReactNode; readonly children?: ReactNode };

/** Title and actions of a screen. */
export function PageHead({ title, detail, children }: PageHeadProps) {
  return (
    <header className="page-head">
      <div className="title grow">
        <h1 className="truncate">{title}</h1>
        {detail === undefined ? null : <span className="muted truncate">{detail}</span>}
      </div>
      {children}
    </header>
  );
}
