import { expect, it } from 'vitest';
import { readTemplateFields } from './template-form.ts';

const parameters = [
  { name: 'web', what: 'web servers', kind: 'end' as const, default: 'role=web' },
  { name: 'hosts', what: 'hosts to protect', kind: 'hosts' as const, default: 'site=main' },
  { name: 'port', what: 'port', kind: 'ports' as const, default: 'tcp/80' },
];
const fields = (texts: Record<string, string>) => readTemplateFields({ parameters }, texts).map(({ label, text, value, error }) => [label, text, value?.kind ?? null, error]);

it('shows defaults until something is typed', () => {
  expect(fields({ web: 'iplist:office' })).toEqual([
    ['Web servers', 'iplist:office', 'end', null],
    ['Hosts to protect', 'site=main', 'hosts', null],
    ['Port', 'tcp/80', 'ports', null],
  ]);
});

it('reads none as an optional part that is left out, whatever the kind', () => {
  expect(fields({ web: 'none', hosts: 'none', port: ' none ' }).map(([, , kind]) => kind)).toEqual(['none', 'none', 'none']);
});

it('says under a field what is wrong, by its kind', () => {
  expect(fields({ web: '', hosts: 'any', port: '80' }).map(([, , kind, error]) => [kind, error])).toEqual([
    [null, expect.stringContaining('nothing was written')],
    [null, expect.stringContaining('is not a condition like key=value')],
    [null, expect.stringContaining('write tcp/80')],
  ]);
});
