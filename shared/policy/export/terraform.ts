import { isAllPorts } from '../../net/port-set.ts';
import { printCidrs } from '../../net/print-range.ts';
import { type AddressRange, WHOLE_FAMILY } from '../../net/range-set.ts';
import type { LiveMatch } from '../host-ruleset.ts';
import type { ExportEntry, ExportFile } from './export-form.ts';

/**
 * Terraform's JSON syntax: keys named `//` are comments, and every other string is a template, in which nothing of ours may open a sequence
 * (developer.hashicorp.com/terraform/language/syntax/json).
 */
export const printTerraform = (header: readonly string[], body: object): ExportFile[] => [{ suffix: '', text: `${JSON.stringify({ '//': header, ...body }, null, 2)}\n` }];

/** Text that is no template, whatever is in it. */
export const literal = (text: string): string => text.replaceAll(/[$%]\{/g, (opening) => `${opening[0]}${opening}`);

/** All of the match as networks of the family, with their length always. */
export const networksOf = (match: LiveMatch, family: ExportEntry['family']): string[] => (match.kind === 'any' ? [WHOLE_FAMILY[family]] : match.ranges).flatMap((range) => cidrsOf(range));

export const cidrsOf = (range: AddressRange): string[] => printCidrs(range).map((cidr) => (cidr.includes('/') ? cidr : `${cidr}/${range.family === 4 ? 32 : 128}`));

/** SCTP with ports has no words in either cloud. */
export const isSctpByPort = ({ service }: ExportEntry): boolean => service.kind === 'ports' && service.protocol === 'sctp' && !isAllPorts(service.ports);
