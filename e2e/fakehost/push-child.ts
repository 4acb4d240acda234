import { listHosts } from '../../main/db/host-store.ts';
import { createBackend } from '../../main/services/backend.ts';
import { preparePlan } from '../../main/services/plan-service.ts';
import { startPush } from '../../main/services/push-service.ts';

/** A console of its own process that pushes the draft of a kit's workspace; tests kill it in the middle. usage: push-child.ts WORKSPACE PASSWORD */
const [workspacePath = '', sshPassword = ''] = process.argv.slice(2);
const backend = createBackend({ workspacePath, user: 'ada' });
for (const host of listHosts(backend.workspace.read)) backend.secrets.set(host.id, { sshPassword, sudoPassword: null });
const { hash } = preparePlan(backend, null).plan;
for await (const push of startPush(backend, { planHash: hash, zone: null, note: '', confirmWithinSeconds: 60 })) console.log(push.outcome);
await backend.close();
