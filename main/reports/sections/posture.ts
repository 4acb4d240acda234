import { POSTURE_FACTS, type PostureFact } from '../../../shared/model/posture.ts';
import { isKnownGood, isShort, POSTURE_TITLES } from '../../../shared/text/posture-text.ts';
import { html } from '../escape-html.ts';
import type { RowOf } from '../evidence/evidence-tables.ts';
import { count, cutTable, dateTime, long, n, short } from '../evidence-html.ts';
import { rowsOf, type Section } from './section.ts';

const COLUMN = { 'secure-boot': 'secure_boot', disk: 'disk', updates: 'updates', edr: 'edr' } as const satisfies Record<PostureFact, keyof RowOf<'posture'>>;
const MEANS: Readonly<Record<PostureFact, string>> = {
  'secure-boot': 'on: UEFI Secure Boot is on, not in setup mode, and shim checks kernels',
  disk: 'encrypted: /, /var and /home lie on dm-crypt; disks that encrypt themselves are not seen',
  updates: 'current: no security update is pending, by package lists that are younger than seven days',
  edr: 'present: a known endpoint security process runs as root',
};

/** How well hosts are kept: each part in figures, then the hosts that fall short. */
export const postureSection: Section = {
  title: 'Device posture',
  render: (context) => {
    const { posture } = context.evidence.sources;
    const counts = POSTURE_FACTS.map((fact) => {
      const values = posture.map((row) => row[COLUMN[fact]]);
      const of = (isIn: (value: string) => boolean) => count(values.filter(isIn).length);
      return [POSTURE_TITLES[fact], MEANS[fact], of((value) => isKnownGood(fact, value)), of((value) => isShort(fact, value)), of((value) => value === 'unknown')];
    });
    const fallen = posture.filter((row) => POSTURE_FACTS.some((fact) => isShort(fact, row[COLUMN[fact]])));
    const rows = fallen.map((row) => [row.host, row.zone === '' ? 'no zone' : row.zone, ...POSTURE_FACTS.map((fact) => row[COLUMN[fact]]), dateTime(row.said_at)]);
    return html`<p class="lead">What managed hosts said about themselves, as it was known when the report was made. Root on a host can make it say anything, and a name of a process does not show that it works. What is not known is not good.</p>
${cutTable([long('Part'), long('Good means'), n('Good'), n('Falls short'), n('Not known')], counts, { limit: 10, file: 'posture.csv', none: '' })}
<h3>Hosts that fall short</h3>
${cutTable([long('Host'), long('Zone'), ...POSTURE_FACTS.map((fact) => short(POSTURE_TITLES[fact])), short('Said')], rows, { limit: rowsOf(context, 600, 2000), file: 'posture.csv', none: posture.length === 0 ? 'No host is managed.' : 'No host says that it falls short.' })}`;
  },
};
