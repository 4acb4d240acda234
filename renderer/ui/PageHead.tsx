import type { ReactNode } from 'react';

type PageHeadProps = {
  readonly title: ReactNode /** What leads one level up, before the title. */;
  readonly back?: ReactNode;
  readonly detail?: ReactNode;
  readonly children?: ReactNode;
};

/** Title and actions of a screen. */
export function PageHead({ title, back, detail, children }: PageHeadProps) {
  return (
    <header className="page-head">
      <div className="title grow">
        {back}
        <h1 className="truncate">{title}</h1>
        {detail === undefined ? null : <span className="muted truncate">{detail}</span>}
      </div>
      {children}
    </header>
  );
}
