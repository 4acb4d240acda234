import { LabelValue } from '../model/label.ts';

/** What a file says, as a value of a label: what a value cannot have is written as `-`. Empty where nothing of it can be one. */
export function toLabelValue(text: string): string {
  const value = text.replaceAll(/[^A-Za-z0-9_.:/-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 63).replace(/-+$/, '');
  return LabelValue.safeParse(value).success ? value : '';
}
