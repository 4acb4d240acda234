import { EyeOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { EmptyState } from '../../ui/StateBlocks.tsx';
import { showReport } from './show-report.ts';

type Props = { readonly html: string; readonly title: string };

/** The document that is printed. A browser of before the sanitizer shows none: a document is never put into a page past it. */
export function ReportPreview(props: Props) {
  if ('setHTML' in Element.prototype) return <PreviewFrame {...props} />;
  return (
    <EmptyState icon={EyeOff} title="This browser shows no preview">
      It is too old to take scripts out of a document by itself. The report can be saved as PDF and CSV all the same.
    </EmptyState>
  );
}

/** A frame of its own in which no script runs. */
function PreviewFrame({ html, title }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const page = frame.current?.contentDocument;
    if (page) showReport(page, html);
  }, [html]);
  return <iframe ref={frame} className="report-preview" title={`Preview: ${title}`} sandbox="allow-same-origin" />;
}
