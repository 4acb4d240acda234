import { readFileSync } from 'node:fs';
import type { FaultCase } from '../fault-case.ts';
import type { FaultWorld } from '../fault-world.ts';
import { assertInvariants } from '../invariants.ts';
import { agentOverSsh } from '../over-ssh.ts';

const SCRIPT = readFileSync(new URL('../on-host/new-flows.py', import.meta.url), 'utf8');
const FLOWS_PER_SECOND = 1000;
const SECONDS = 10;

/** Number of elements and limit of each set that packets fill, as the kernel has them. */
async function readSets(world: FaultWorld): Promise<Map<string, { elements: number; limit: number }>> {
  const listing = await world.host.run(['nft', 'list', 'table', 'inet', 'firebreak']);
  const sets = listing.split(/^\tset /m).slice(1).filter((text) => /\n\t\tflags .*dynamic/.test(text));
  return new Map(
    sets.map((text) => {
      const elements = /elements = \{([\s\S]*?)\}/.exec(text)?.[1]?.split(',').length ?? 0;
      return [/^\S+/.exec(text)?.[0] ?? '', { elements, limit: Number(/\n\t\tsize (\d+)/.exec(text)?.[1] ?? 0) }];
    }),
  );
}

/** The highest resident memory in kB of any process of one run of the agent's command, by /proc, read every 20 ms. */
const PEAK = `
"$@" >/dev/null & pid=$!; peak=0
while kill -0 $pid 2>/dev/null; do
  for one in $(pgrep -x nft) $(pgrep -f firebreak-agent); do
    kb=$(sed -n 's/^VmHWM:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/$one/status 2>/dev/null); [ "\${kb:-0}" -gt $peak ] && peak=$kb
  done
  sleep 0.02
done
wait $pid && echo $peak`;
const PEAK_LIMIT_KB = 64 * 1024;

/** R41 shortened: not 24 hours but as many new flows as fill every set, which is where growth would show. */
const soak: FaultCase = {
  name: `${FLOWS_PER_SECOND} new flows a second: sets stay within their sizes, nothing grows, nothing stays in memory`,
  quick: true,
  run: async (world) => {
    let files = 0;
    for (const firstPort of [10_000, 25_000]) {
      const args = [world.host.ipv4, String(FLOWS_PER_SECOND), String(SECONDS), String(firstPort)];
      const sent = Number(await world.peer.run(['python3', '-c', SCRIPT, ...args], { timeoutMs: 120_000 }));
      if (sent !== FLOWS_PER_SECOND * SECONDS) throw new Error(`only ${sent} flows were sent`);
      const sets = await readSets(world);
      const seen = [...sets.values()].reduce((sum, { elements }) => sum + elements, 0);
      if (seen < FLOWS_PER_SECOND) throw new Error(`the recorder saw ${seen} of ${sent} flows: the case proves nothing`);
      for (const [name, { elements, limit }] of sets) if (limit === 0 || elements > limit) throw new Error(`set ${name} has ${elements} elements and the limit ${limit}`);
      const peakKb = Number(await world.host.run(['sh', '-c', PEAK, 'sh', '/usr/local/sbin/firebreak-agent', 'collect'], { timeoutMs: 120_000 }));
      if (!(peakKb > 0 && peakKb <= PEAK_LIMIT_KB)) throw new Error(`collect took ${peakKb} kB at its peak`);
      const spooled = Number(await world.host.run('ls /var/lib/firebreak/spool | wc -l'));
      if (files > 0 && spooled > files + 1) throw new Error(`the spool grew from ${files} to ${spooled} files within the hour`);
      files = spooled;
      const verified = await agentOverSsh(world.host, 'verify');
      if (!verified.stdout.includes('"found":""')) {
        const events = await world.host.run('tail -n 4 /var/lib/firebreak/events');
        throw new Error(`verify takes the traffic for a change: ${verified.stdout}\n${events}`);
      }
    }
    await assertInvariants(world, { running: ['old'] });
    // Elements go with their table: the next case begins without them.
    await world.host.run('nft delete table inet firebreak');
    await agentOverSsh(world.host, 'rollback');
  },
};

export const soakCases: readonly FaultCase[] = [soak];
