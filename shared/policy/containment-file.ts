import { type Containment, Instant, MAX_CONTAINMENT_SECONDS, type Quarantine } from '../model/containment.ts';
import { ContainmentId } from '../model/ids.ts';
import { HostName, ZoneName } from '../model/names.ts';
import { parseExemption, printExemption } from '../text/exemption-text.ts';
import { parseServiceRef, printServiceRef } from '../text/service-text.ts';
import type { PolicyFile } from './policy-file.ts';
import type { FileReader } from './policy-file-reader.ts';

type FileContainment = PolicyFile['containments'][number];

export function toFileContainment(containment: Containment): object {
  const { id, kind, startsAt, endsAt, by, reason } = containment;
  const what =
    containment.kind === 'quarantine'
      ? { host: containment.host }
      : {
          zone: containment.zone,
          services: containment.services.map(printServiceRef),
          ...(containment.except.length === 0 ? {} : { except: containment.except.map(printExemption) }),
        };
  return { id, kind, ...what, startsAt, endsAt, by, reason };
}

/** What cannot be read is an issue, and a stand-in takes its place, so that whatever comes after keeps its position. */
export function readContainment(file: FileContainment, at: readonly (string | number)[], reader: FileReader): Containment {
  const id = ContainmentId.safeParse(file.id);
  if (!id.success) reader.add([...at, 'id'], `“${file.id}” is not the id of a containment (like c_0123456789ab); firebreak quarantine and firebreak close make them`);
  const common = {
    id: id.success ? id.data : ContainmentId.parse(`c_z${String(at.at(-1)).padStart(11, '0')}`),
    startsAt: readInstant(file, 'startsAt', at, reader),
    endsAt: readEnd(file, at, reader),
    by: file.by,
    reason: file.reason,
  };
  for (const key of file.kind === 'quarantine' ? (['zone', 'services', 'except'] as const) : (['host'] as const)) {
    if (file[key] !== undefined) reader.add([...at, key], `“${key}” is no key of a containment of the kind ${file.kind}; ${file.kind === 'quarantine' ? 'a quarantine has a host' : 'a closed service has a zone, services and except'}`);
  }
  if (file.kind === 'close') return readClosure(file, common, at, reader);
  const host = HostName.safeParse(file.host);
  if (!host.success) reader.add([...at, ...(file.host === undefined ? [] : ['host'])], 'a quarantine needs “host”; write the name of the host');
  return { kind: 'quarantine', ...common, host: host.success ? host.data : NOBODY };
}

const NOBODY = HostName.parse('stand-in');

function readClosure(file: FileContainment, common: Omit<Quarantine, 'kind' | 'host'>, at: readonly (string | number)[], reader: FileReader): Containment {
  const zone = ZoneName.safeParse(file.zone);
  if (!zone.success) reader.add([...at, ...(file.zone === undefined ? [] : ['zone'])], 'a closed service needs “zone”; write the name of the zone');
  if (file.services === undefined) reader.add(at, 'a closed service needs “services”; write a list such as [tcp/445]');
  const services = (file.services ?? []).map((text, i) => reader.read(parseServiceRef(text), [...at, 'services', i], { kind: 'any' as const }));
  const except = reader.each(file.except ?? [], [...at, 'except'], parseExemption);
  return zone.success ? { kind: 'close', ...common, zone: zone.data, services, except } : { kind: 'quarantine', ...common, host: NOBODY };
}

function readEnd(file: FileContainment, at: readonly (string | number)[], reader: FileReader): string {
  const endsAt = readInstant(file, 'endsAt', at, reader);
  const seconds = (Date.parse(endsAt) - Date.parse(file.startsAt)) / 1000;
  // NaN, when one of the two is none, is neither: that was told already.
  if (seconds <= 0) reader.add([...at, 'endsAt'], `“${endsAt}” is not after startsAt; write a later time`);
  if (seconds > MAX_CONTAINMENT_SECONDS) reader.add([...at, 'endsAt'], `“${endsAt}” is more than ${MAX_CONTAINMENT_SECONDS / 86_400} days after startsAt; what is to last longer is a rule that denies`);
  return endsAt;
}

function readInstant(file: FileContainment, key: 'startsAt' | 'endsAt', at: readonly (string | number)[], reader: FileReader): string {
  const instant = Instant.safeParse(file[key]);
  if (!instant.success) reader.add([...at, key], `“${file[key]}”: ${instant.error.issues[0]?.message ?? ''}`);
  return file[key];
}
