import type { HostKey } from '../../../shared/model/host.ts';

/** A key's fingerprint, large enough to be compared by eye: grouped by eight for reading, whole when copied. */
export function FingerprintBlock({ title, hostKey }: { readonly title: string; readonly hostKey: HostKey }) {
  const text = hostKey.fingerprint.replace(/^SHA256:/, '');
  const groups = text.match(/.{1,8}/g) ?? [text];
  return (
    <div className="fingerprint">
      <span className="muted small">
        {title} ({hostKey.algorithm})
      </span>
      <code>
        <span>SHA256:</span>
        {groups.map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the groups of one fingerprint never change place
          <span key={index} className="group">
            {group}
          </span>
        ))}
      </code>
    </div>
  );
}
