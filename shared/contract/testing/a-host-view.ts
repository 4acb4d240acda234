import { UNKNOWN_POSTURE } from '../../model/posture.ts';
import { HostView } from '../views.ts';

/** A host that nothing is known of but what is `given`, for tests of what reads HostView. The one place that a new field must reach. */
export const aHostView = (name: string, given: Partial<HostView> = {}): HostView =>
  HostView.parse({
    id: 'h_0123456789ab',
    name,
    labels: {},
    posture: UNKNOWN_POSTURE,
    addresses: [],
    managed: true,
    ssh: null,
    pinnedKeys: [],
    consoleAddresses: [],
    zone: null,
    alsoMatches: [],
    handLabels: {},
    draftMode: 'observe',
    draftBundle: null,
    appliedVersion: null,
    appliedBundle: null,
    appliedMode: null,
    verifiedAtMs: null,
    state: 'unknown',
    agentVersion: null,
    lastContactAtMs: null,
    lastError: null,
    warnings: [],
    note: '',
    waits: null,
    ...given,
  });
