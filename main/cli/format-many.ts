import type { PerHost } from '../../shared/contract/host-choice.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { formatTable } from './table.ts';

/** What each host answered; exit 1 where one failed. */
export function printManyHosts(context: CliContext, result: { readonly hosts: readonly PerHost[] }): void {
  const rows = result.hosts.map((host) => [host.hostName, host.ok ? 'ok' : (host.error?.code ?? 'failed'), host.ok ? host.text : `${host.error?.title ?? host.text} ${host.error?.hint ?? ''}`]);
  context.print(result, formatTable(['HOST', 'RESULT', 'DETAIL'], rows));
  if (result.hosts.some((host) => !host.ok)) context.setExitCode(EXIT.failed);
}
