import { MODE_WORDS } from '../../ui/ModeBadge.tsx';
import { hostsText, type MapModel } from './map-model.ts';

/** What is written over an open group: a zone with its mode, an application or role with its size. */
export function groupTitle({ zones }: Pick<MapModel, 'zones'>, group: Pick<MapModel['groups'][number], 'kind' | 'label' | 'zone' | 'hosts'>): string {
  const zone = group.kind === 'zone' ? zones.find((each) => each.name === group.zone) : undefined;
  return zone === undefined ? `${group.label} · ${hostsText(group.hosts)}` : `${zone.name} · ${MODE_WORDS[zone.mode]}`;
}
