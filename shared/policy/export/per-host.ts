import { isNonEmpty } from '../../net/address-match.ts';
import type { ExportGroup, ExportHost, ExportInput } from './export-form.ts';

/** For firewalls on the host itself: what each host's file is about, its refusals and the other ends of its rules alone in the header. In the order of the groups. */
export function perHost(input: ExportInput): { readonly host: ExportHost; readonly group: ExportGroup; readonly input: ExportInput }[] {
  return input.groups.flatMap((all) =>
    all.hosts.flatMap((host) => {
      if (!isNonEmpty(host.addresses)) return [];
      const group: ExportGroup = { ...all, hosts: [host], addresses: host.addresses };
      const refusals = input.refusals.filter(({ hosts }) => hosts.includes(host.name)).map((refusal) => ({ ...refusal, hosts: [host.name] }));
      return [{ host, group, input: { ...input, groups: [group], meanings: input.meanings.filter(({ text }) => group.peerTexts.has(text)), refusals } }];
    }),
  );
}
