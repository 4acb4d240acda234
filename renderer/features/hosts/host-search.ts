import { z } from 'zod';
import { HostView } from '../../../shared/contract/views.ts';
import type { HostView as Host } from '../../../shared/contract/views.ts';
import { printLabels } from '../../../shared/text/label-text.ts';
import { parseSelectorSet } from '../../../shared/text/selector-text.ts';
import { matchesSelectorSet } from '../../../shared/policy/select.ts';
import { HOST_STATES } from './host-states.ts';

/** The filters of the hosts screen as they stand in the address, so that a view can be linked to and gone back to. */
export const hostSearch = z.object({
  text: z.string().optional().catch(undefined),
  state: HostView.shape.state.optional().catch(undefined),
  /** `-` is no zone: no zone can be called that. */
  zone: z.string().optional().catch(undefined),
});
export type HostSearch = z.infer<typeof hostSearch>;

/** The same, with the dialog that is open: so that other screens can lead to it, and going back closes it. */
export const hostsAddress = hostSearch.extend({ ask: z.enum(['import']).optional().catch(undefined) });
export const NO_ZONE = '-';

/**
 * The hosts that the filters leave, in their order. Text that reads as a selector (`role=web,env!=dev`) is one; any other text is looked for in names, addresses,
 * labels, zones, states and what is wrong, whatever its case.
 */
export function filterHosts(hosts: readonly Host[], { text = '', state, zone }: HostSearch): readonly Host[] {
  const isWanted = readText(text.trim());
  return hosts.filter((host) => (state === undefined || host.state === state) && (zone === undefined || host.zone === (zone === NO_ZONE ? null : zone)) && isWanted(host));
}

function readText(text: string): (host: Host) => boolean {
  if (text === '') return () => true;
  const selector = text.includes('=') ? parseSelectorSet(text) : null;
  if (selector?.ok === true) {
    const set = selector.value;
    return (host) => matchesSelectorSet(set, host);
  }
  const wanted = text.toLowerCase();
  return (host) =>
    [host.name, host.zone ?? '', printLabels(host.labels), HOST_STATES[host.state].text, host.lastError?.title ?? '', ...host.warnings.map((warning) => warning.text), ...host.addresses].some((field) => field.toLowerCase().includes(wanted));
}
