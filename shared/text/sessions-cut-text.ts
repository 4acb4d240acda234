import type { SessionsCut } from '../model/session.ts';

/** `3 live connections cut, 1 could not be cut and lives on`: what became of those that new rules forbid, without a full stop unless a note follows. */
export function describeSessionsCut({ cut, forgotten, failed, kept, note }: SessionsCut): string {
  const parts = [
    cut === 1 ? '1 live connection cut' : `${cut} live connections cut`,
    ...(forgotten === 0 ? [] : [`${forgotten} forgotten by connection tracking and judged anew at the next packet`]),
    ...(failed === 0 ? [] : [`${failed} could not be cut and ${failed === 1 ? 'lives' : 'live'} on`]),
    ...(kept === 0 ? [] : [`${kept} of consoles kept`]),
  ];
  return `${parts.join(', ')}${note === null ? '' : `. ${note}`}`;
}
