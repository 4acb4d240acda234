import type { Cidr } from '../../../shared/model/peer.ts';
import { parseCidr } from '../../../shared/net/parse-cidr.ts';
import { collectParsed, failed, type Parsed } from '../../../shared/text/parsed.ts';

/** Networks separated by lines, commas or white space. Nothing is an issue unless `mayBeEmpty`. */
export function parseNetworks(text: string, { mayBeEmpty }: { readonly mayBeEmpty: boolean }): Parsed<Cidr[]> {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  return words.length === 0 && !mayBeEmpty ? failed('give at least one network; an empty list would match nobody') : collectParsed(words.map(parseCidr));
}
