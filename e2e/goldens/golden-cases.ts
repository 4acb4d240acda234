import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { FleetHost } from '../../shared/model/host.ts';
import { RuleId } from '../../shared/model/ids.ts';
import { EMPTY_POLICY, type Policy } from '../../shared/model/policy.ts';
import { compileFleet } from '../../shared/policy/compile.ts';
import { diffHostRulesets } from '../../shared/policy/diff-host.ts';
import { diffPolicy } from '../../shared/policy/diff-policy.ts';
import { importPolicyYaml } from '../../shared/policy/policy-yaml.ts';
import { printBundle } from '../../shared/policy/print.ts';
import { aHost, expectParsed } from '../../shared/policy/testing/builders.ts';

export const GOLDENS_DIR = new URL('.', import.meta.url).pathname;

/** The day on which every golden is compiled. */
export const NOW_MS = Date.UTC(2026, 0, 15);

/** One file that must come out as it is stored. */
export type Golden = { readonly fileName: string; readonly text: string };

/**
 * What the case must give: `NAME.<host>.nft` for each managed host and, where `NAME.before.policy.yaml` is there, `NAME.diff` with the changes of
 * policy and hosts. Inputs are `NAME.policy.yaml` and `NAME.hosts.yaml`.
 */
export function compileCase(name: string): Golden[] {
  const hosts = readHosts(name);
  const policy = readPolicy(`${name}.policy.yaml`);
  const rulesets = compileFleet(policy, hosts, { nowMs: NOW_MS });
  const bundles = [...rulesets.values()].map((ruleset) => ({
    fileName: `${name}.${ruleset.hostName}.nft`,
    text: printBundle(ruleset, { policyVersion: 1 }).text,
  }));
  return [...bundles, ...printDiff(name, policy, hosts)];
}

export const listCases = (): string[] =>
  readdirSync(GOLDENS_DIR)
    .filter((file) => file.endsWith('.hosts.yaml'))
    .map((file) => file.slice(0, -'.hosts.yaml'.length))
    .sort();

function printDiff(name: string, after: Policy, hosts: readonly FleetHost[]): Golden[] {
  if (!readdirSync(GOLDENS_DIR).includes(`${name}.before.policy.yaml`)) return [];
  const before = readPolicy(`${name}.before.policy.yaml`);
  const was = compileFleet(before, hosts, { nowMs: NOW_MS });
  const policyLines = diffPolicy(before, after).map((row) => `policy ${row.change} ${row.what} ${row.name}: ${row.before ?? '-'} → ${row.after ?? '-'}`);
  const hostLines = [...compileFleet(after, hosts, { nowMs: NOW_MS })].flatMap(([id, ruleset]) =>
    diffHostRulesets(was.get(id) ?? null, ruleset).map(
      (row) => `${ruleset.hostName} ${row.change} ${row.direction} ${row.effect} ${row.rule ?? '-'}: ${row.text}`,
    ),
  );
  return [{ fileName: `${name}.diff`, text: [...policyLines, ...hostLines, ''].join('\n') }];
}

export function readPolicy(fileName: string): Policy {
  const read = importPolicyYaml(readFileSync(join(GOLDENS_DIR, fileName), 'utf8'), () => RuleId.parse('r_zzzzzzzzzzzz'));
  return { ...EMPTY_POLICY, ...expectParsed(read) };
}

const GoldenHost = z.strictObject({
  name: z.string(),
  labels: z.string().default(''),
  addresses: z.array(z.string()),
  managed: z.boolean().default(true),
  consoles: z.array(z.string()).default(['10.9.9.9']),
  sshPort: z.number().default(22),
  resolvers: z.array(z.string()).default([]),
  timeServers: z.array(z.string()).default([]),
});

export const readHosts = (name: string): FleetHost[] =>
  z
    .array(GoldenHost)
    .parse(parse(readFileSync(join(GOLDENS_DIR, `${name}.hosts.yaml`), 'utf8')))
    .map((host, i) => aHost({ n: i + 1, ...host }));
