import { collectFrom, installAgents, readStatuses, uninstallAgents } from '../services/agent-service.ts';
import { collectRound } from '../services/collect-round.ts';
import { checkHosts } from '../services/compatibility.ts';
import { onboardHosts, stopOnboarding } from '../services/onboard.ts';
import { os } from './implementer.ts';

export const agentsRouter = {
  install: os.agents.install.handler(({ context, input }) => installAgents(context, input.hosts, input)),
  uninstall: os.agents.uninstall.handler(({ context, input }) => uninstallAgents(context, input.hosts, input)),
  check: os.agents.check.handler(({ context, input, signal }) => checkHosts(context, input.hosts, input.as, signal)),
  status: os.agents.status.handler(({ context, input }) => readStatuses(context, input.hosts)),
  collect: os.agents.collect.handler(({ context, input }) => collectFrom(context, input.hosts)),
  collectRound: os.agents.collectRound.handler(({ context, input, signal }) => collectRound(context, input, signal)),
  onboard: os.agents.onboard.handler(({ context, input, signal }) => onboardHosts(context, input, signal)),
  stopOnboarding: os.agents.stopOnboarding.handler(({ input }) => {
    stopOnboarding(input.run);
    return { ok: true };
  }),
};
