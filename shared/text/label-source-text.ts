import { LabelSource } from '../contract/host-imports.ts';
import { failed, type Parsed, parsed } from './parsed.ts';

/** `env=var:env_name`, `role=group:web,db` or `role=group:*_servers`. */
export function parseLabelSource(text: string): Parsed<LabelSource> {
  const typed = text.trim();
  const [, key, kind, rest] = /^([^=]*)=(var|group):(.+)$/s.exec(typed) ?? [];
  if (key === undefined || rest === undefined) return failed(`“${typed}” says not where a label comes from; write KEY=var:NAME or KEY=group:PATTERN, such as env=var:env_name or role=group:*_servers`);
  const patterns = rest.split(',').map((one) => one.trim()).filter((one) => one !== '');
  const many = patterns.find((pattern) => pattern.split('*').length > 2);
  if (kind === 'group' && many !== undefined) return failed(`“${many}” has more than one *; which part of the name is the value?`);
  const source = LabelSource.safeParse(kind === 'var' ? { kind: 'variable', key, name: rest.trim() } : { kind: 'groups', key, patterns });
  return source.success ? parsed(source.data) : failed(`“${typed}”: ${source.error.issues[0]?.message ?? 'it cannot be read'}`);
}

export const printLabelSource = (source: LabelSource): string => (source.kind === 'variable' ? `${source.key}=var:${source.name}` : `${source.key}=group:${source.patterns.join(',')}`);
