import { createSshPool } from '../../main/ssh/ssh-pool.ts';
import { openConsole, push } from './lab-console.ts';

/**
 * Started as a process of its own by the kill test: pushes the draft of a workspace, and once every host of the push has loaded,
 * says `loaded` and answers nothing any more, so that it can be killed between load and confirm.
 * Arguments: workspace path, confirm window in seconds, number of hosts.
 */
const [workspacePath = '', confirmWithinSeconds = '', hostCount = ''] = process.argv.slice(2);
const pool = createSshPool({ maxConnections: 8 });
let loaded = 0;
const { client } = openConsole(workspacePath, {
  sshPool: {
    run: async (target, request, options) => {
      const result = await pool.run(target, request, options);
      if (!request.argv.includes('apply')) return result;
      loaded += 1;
      if (loaded === Number(hostCount)) console.log('loaded');
      return new Promise(() => undefined);
    },
    showKey: (target, options) => pool.showKey(target, options),
    close: () => pool.close(),
  },
});
setInterval(() => undefined, 60_000);
await push(client, Number(confirmWithinSeconds));
