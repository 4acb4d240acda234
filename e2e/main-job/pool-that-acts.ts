import { createSshPool, type SshPool } from '../../main/ssh/ssh-pool.ts';

/** Runs `afterApply` once, between the moment a host has loaded the new rules and the moment the console hears of it. */
export function poolThatActsAfterApply(afterApply: () => Promise<void>): SshPool {
  const pool = createSshPool({ maxConnections: 8 });
  let acted = false;
  return {
    run: async (target, request, options) => {
      const result = await pool.run(target, request, options);
      if (!acted && request.argv.includes('apply')) {
        acted = true;
        await afterApply();
      }
      return result;
    },
    showKey: (target, options) => pool.showKey(target, options),
    close: () => pool.close(),
  };
}
