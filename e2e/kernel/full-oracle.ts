import { runLong } from './run-long.ts';

/**
 * `npm run test:oracle`: simulator against kernel. 300 random policies of 3,000 raw probes each, the same again for what is forwarded, for exports to gateways and for iptables with ipset on the host, and 20,000 real
 * connections of users, groups and systemd units. Schedules under a moved clock are `npm run test:clock`.
 */
runLong(['e2e/kernel/simulator.kernel-test.ts', 'e2e/kernel/forward.kernel-test.ts', 'e2e/kernel/gateway.kernel-test.ts', 'e2e/kernel/iptables-host.kernel-test.ts', 'e2e/kernel/iptables-forward.kernel-test.ts', 'e2e/kernel/connections.lab-test.ts'], {
  FIREBREAK_ORACLE_POLICIES: '300',
  FIREBREAK_FORWARD_POLICIES: '300',
  FIREBREAK_GATEWAY_POLICIES: '300',
  FIREBREAK_IPTABLES_POLICIES: '300',
  FIREBREAK_ORACLE_PROBES: '3000',
  FIREBREAK_ORACLE_CONNECTIONS: '20000',
});
