import { type Html, html } from '../escape-html.ts';
import { count } from '../evidence-html.ts';
import type { Manifest } from '../pack/manifest.ts';
import type { Section } from './section.ts';

/** Figures of page 1: what bounds every other one. */
export const LIMITING: readonly string[] = ['hoursOfPeriod', 'hostsInScope', 'hostsWithAgent', 'hostsReporting', 'hostsByStick', 'hostsUnsigned', 'hoursRecorded', 'hoursExpected', 'packetsLost', 'gapSeconds', 'hostsWithClockOff', 'unmanagedPeers', 'otherFirewallsInPlay', 'hostsWithoutZone'];

export function figureTable(figures: Manifest['figures'], isMeant: (id: string) => boolean): Html {
  const rows = figures.filter(({ id }) => isMeant(id)).map(({ title, value, unit }) => html`<tr><td>${title}</td><td class="n">${count(value)}</td><td>${unit}</td></tr>`);
  return html`<table class="figures"><thead><tr><th scope="col">Figure</th><th scope="col" class="n">Value</th><th scope="col">Unit</th></tr></thead><tbody>${rows}</tbody></table>`;
}

export const figuresSection: Section = { title: 'Figures', render: ({ figures }) => figureTable(figures, (id) => !LIMITING.includes(id)) };
