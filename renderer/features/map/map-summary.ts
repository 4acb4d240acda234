import type { MapView } from '../../../shared/contract/views.ts';
import { type MapModel, hostsText } from './map-model.ts';

/** How much the picture stands for, and in the draft view how much of it differs. */
export function mapSummary({ totals }: Pick<MapView, 'totals'>, model: Pick<MapModel, 'edges' | 'lens'>): string {
  const { hosts, conversations, shown } = totals;
  const count = shown === conversations ? conversations.toLocaleString('en') : `${shown.toLocaleString('en')} of ${conversations.toLocaleString('en')}`;
  const differing = model.edges.reduce((sum, edge) => sum + edge.differing, 0);
  const draft = model.lens === 'live' ? '' : differing === 0 ? '; the draft changes none' : `; the draft changes ${differing.toLocaleString('en')}`;
  return `${hostsText(hosts)}, ${count} ${conversations === 1 ? 'conversation' : 'conversations'}${draft}`;
}
