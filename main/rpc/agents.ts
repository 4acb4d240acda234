import { collectFrom, installAgents, readStatuses, uninstallAgents } from '../services/agent-service.ts';
import { os } from './implementer.ts';

export const agentsRouter = {
  install: os.agents.install.handler(({ context, input }) => installAgents(context, input.hosts, input)),
  uninstall: os.agents.uninstall.handler(({ context, input }) => uninstallAgents(context, input.hosts)),
  status: os.agents.status.handler(({ context, input }) => readStatuses(context, input.hosts)),
  collect: os.agents.collect.handler(({ context, input }) => collectFrom(context, input.hosts)),
};
