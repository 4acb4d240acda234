import type { PushId } from '../../shared/model/ids.ts';
import type { BackendContext } from './backend-context.ts';
import { createAgentClient } from './agent-client.ts';
import { drainQuietly } from './agent-collect.ts';
import { recordConsole, recordFacts, recordStatus } from './agent-record.ts';
import { recordOtherMachine } from './host-machine.ts';
import { cutOnHost, type SessionOrder } from './push-sessions.ts';
import { meetHost } from './meet-host.ts';
import { nextBundleSeq, sealBundle } from './seal-bundle.ts';
import { signingKey } from './signing-key.ts';
import type { PushRecorder } from './push-recorder.ts';
import type { HostLoad, PushMember, PushWorld } from './push-world.ts';
import { resolveTarget } from './ssh-targets.ts';

/** The steps' view of the backend. */
export function createPushWorld(ctx: BackendContext, recorder: PushRecorder, sessions: SessionOrder): PushWorld {
  const agents = createAgentClient(ctx.sshPool);
  return {
    agents,
    nowMs: ctx.nowMs,
    wait: (durationMs) => ctx.wait(durationMs),
    pause: (durationMs, signal) =>
      ctx.wait(durationMs, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      }),
    meet: (target, call) => meetHost(ctx.sshPool, target, call),
    move: (host, step, detail) => recorder.move(host, step, detail),
    keepStatus: (host, status) => recordStatus(ctx, host, status),
    keepFacts: (host, facts) => recordFacts(ctx, host, facts),
    keepMachine: (host, machineId) => recordOtherMachine(ctx, host, machineId),
    keepConsole: (host, clientAddress) => recordConsole(ctx, host, clientAddress),
    seal: (bundleText, status) => sealBundle(signingKey(ctx), bundleText, nextBundleSeq(status.bundleSeq ?? 0, ctx.nowMs())),
    keepFormer: (host, formerBundle) => recorder.keepFormer(host, formerBundle),
    keepWaves: (waves) => recorder.keepWaves(waves),
    moveToConfirmed: (load, detail) => recorder.moveToConfirmed(load.host, load.bundle, detail),
    cutSessions: async (load) => {
      if (sessions.choice === 'cut' && load.mode === 'enforce') await cutOnHost({ agents, recorder, sort: sessions.sort }, load);
    },
    collect: (load) => drainQuietly(ctx, load.host, load.target),
  };
}

/** @throws NOT_FOUND when a jump host is missing */
export function toHostLoads(ctx: BackendContext, push: { id: PushId; confirmWithinSeconds: number; holdsBase: boolean }, members: readonly PushMember[]): HostLoad[] {
  return members.map(({ bundle, formerBundle }) => ({
    pushId: push.id,
    by: ctx.user,
    confirmWithinSeconds: push.confirmWithinSeconds,
    host: bundle.host.id,
    hostName: bundle.host.name,
    target: resolveTarget(ctx, bundle.host.name),
    bundle: bundle.hash,
    bundleText: bundle.text,
    mode: bundle.mode,
    judges: bundle.mode !== 'observe' || bundle.ruleset.containments.length > 0,
    formerBundle,
    plannedOn: push.holdsBase ? formerBundle : null,
    consoleAddresses: bundle.host.management.consoleAddresses,
  }));
}
