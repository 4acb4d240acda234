import { alertRule } from '../../shared/alerts/alert-text.ts';
import type { AlertDetail } from '../../shared/contract/alerts.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { AlertSubject } from '../../shared/model/alert.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { findAlert, type StoredAlert } from '../db/alert-store.ts';
import { loadAlertSettings } from '../db/alert-settings-store.ts';
import { findLastLetThrough } from '../db/blocked-flow.ts';
import { listStoredFlows } from '../db/flow-query.ts';
import { findHostState } from '../db/host-state-store.ts';
import { createAlertViewer } from './alert-views.ts';
import { printPostureLabel } from '../../shared/text/posture-text.ts';
import type { BackendContext } from './backend-context.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { readDraftVerdict } from './draft-verdict.ts';

type Line = { label: string; text: string; atMs: number | null };
const line = (label: string, text: string, atMs: number | null = null): Line => ({ label, text, atMs });
/** Flows of one pair that are looked at for what the draft would do: one for each user, unit and version. */
const LOOKED_AT_FLOWS = 50;

/** @throws NOT_FOUND */
export function getAlert(ctx: BackendContext, id: number): StoredAlert {
  const alert = findAlert(ctx.workspace.read, id);
  if (alert === undefined) throw new FirebreakError('NOT_FOUND', { what: 'alert', name: String(id), known: ['those of: firebreak alerts list --all'] });
  return alert;
}

/** One alert with its rule and what is stored about it. @throws NOT_FOUND */
export function readAlertDetail(ctx: BackendContext, id: number): AlertDetail {
  const alert = getAlert(ctx, id);
  return { ...createAlertViewer(ctx)(alert), rule: alertRule(alert.kind, loadAlertSettings(ctx.workspace.read)), evidence: describeSubject(ctx, alert.host, alert.subject) };
}

function describeSubject(ctx: BackendContext, host: HostId, subject: AlertSubject): Line[] {
  switch (subject.kind) {
    case 'flow-blocked':
      return describeFlow(ctx, host, subject);
    case 'service-new': {
      const { protocol, address, port, process, user, unit } = subject;
      return [line('Socket', `${protocol} ${address.includes(':') ? `[${address}]` : address}:${port}`), line('Process', process ?? 'not known'), line('User', user ?? 'not known'), line('Unit', unit ?? 'not known')];
    }
    case 'agent-silent': {
      const lastContactAtMs = findHostState(ctx.workspace.read, host)?.lastContactAtMs ?? null;
      return [line('Told', subject.title), line('Last heard', lastContactAtMs === null ? 'never' : '', lastContactAtMs)];
    }
    case 'tampered':
      return [line('Changed', subject.what), ...(subject.text === '' ? [] : [line('Told', subject.text)])];
    case 'drifted':
      return [line('Found', subject.text)];
    case 'posture':
      return [line('Says now', printPostureLabel(subject.fact, subject.value)), line('Said before', printPostureLabel(subject.fact, subject.before))];
    case 'footprint':
      return [line('Measured', String(Number(subject.value.toFixed(2)))), line('Threshold', String(subject.limit))];
    case 'connection-rate':
      return [line('Hour from', '', subject.hourStartMs), line('Connections an hour', Math.round(subject.perHour).toLocaleString('en')), line('Busiest before', Math.round(subject.busiestPerHour).toLocaleString('en'))];
    case 'more':
      return [line('Not listed', 'a host has at most 100 alerts of a kind at a time; the flows and the facts of the host have the rest')];
  }
}

function describeFlow(ctx: BackendContext, host: HostId, { direction, peerAddress, forwardTo, protocol, port }: Extract<AlertSubject, { kind: 'flow-blocked' }>): Line[] {
  if (peerAddress === null || port === null) return [line('Peers', 'addresses that anybody on the internet may have; each is in the flows')];
  const letThroughAtMs = findLastLetThrough(ctx.workspace.read, { reporter: host, direction, peerAddress, forwardTo, protocol, port });
  const end = { reporters: [host], addresses: [] };
  const ends = direction === 'out' ? { consumer: end, provider: null } : { consumer: null, provider: direction === 'forward' ? null : end };
  const filter = { sinceMs: null, untilMs: null, verdict: ['blocked' as const], ...ends, text: peerAddress, textEnds: null };
  const flow = listStoredFlows(ctx.workspace.read, filter, { limit: LOOKED_AT_FLOWS, offset: 0 }).find((one) => one.reporter === host && one.peerAddress === peerAddress && one.protocol === protocol && one.port === port);
  const before = line('Let through', letThroughAtMs === null ? 'never before' : 'it may have been of use', letThroughAtMs);
  if (flow === undefined) return [before];
  const version = flow.policyVersion === null ? 'an unknown version' : `version ${flow.policyVersion}`;
  const who = [flow.user, flow.unit, flow.process].filter((word) => word !== null).join(' · ');
  return [before, line('Blocked under', version), line('User, unit, process', who === '' ? 'not known' : who), line('The draft would', draftText(ctx, flow))];
}

function draftText(ctx: BackendContext, flow: Parameters<typeof readDraftVerdict>[1]): string {
  const draft = readDraftVerdict(readCompiledDraft(ctx), flow);
  if (draft.kind === 'allowed') return `allow it by ${draft.by === 'essential' ? 'the essential block' : `rule ${draft.by}`}: push to let it through`;
  if (draft.kind === 'blocked') return `block it by ${draft.by === null ? 'the zone’s default: no rule is about it' : `rule ${draft.by}`}`;
  return draft.kind === 'observed' ? `observe it: ${draft.why}` : `not known: ${draft.why}`;
}
