import { isBuiltin } from 'node:module';
import { findCycles } from './find-cycles.ts';
import type { Import, ImportGraph } from './import-graph.ts';
import { featureOf, isTest, isTestSupport, type Layer, layers, packageOwners } from './layer-rules.ts';

/** `rule` is a stable name of what was broken; `text` says where and what, for people. */
export type Violation = { readonly rule: string; readonly path: string; readonly text: string };

/** `@scope/name/deep` → `@scope/name`; `name/deep` → `name`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

function brokenPackageRule(from: string, layer: Layer | null, specifier: string): string | null {
  const name = packageOf(specifier);
  if (isBuiltin(specifier)) return layer !== null && !layer.node ? `${layer.name} may not import Node's ${specifier}` : null;
  const owners = packageOwners.get(name);
  if (owners !== undefined && !owners.some((owner) => owner.test(from)))
    return `${name} belongs to ${owners.map((o) => o.source.replaceAll('\\', '')).join(' ') || 'nobody'}`;
  if (layer?.packages && !layer.packages.includes(name)) return `${layer.name} may not import the package ${name}`;
  return null;
}

function brokenPathRule(from: string, layer: Layer | null, to: string): string | null {
  if (isTest(to)) return `${to} is a test; nothing imports tests`;
  if (isTestSupport(to) && layer !== null) return `${to} is for tests`;
  const [ours, theirs] = [featureOf(from), featureOf(to)];
  if (ours !== null && theirs !== null && ours !== theirs) return `feature ${ours} may not import feature ${theirs}`;
  if (layer !== null && !layer.mayImport.some((allowed) => allowed.test(to))) return `${layer.name} may not import ${to}`;
  return null;
}

function brokenRule(from: string, found: Import): string | null {
  const layer = layers.find((l) => l.files.test(from)) ?? null;
  return found.path === null ? brokenPackageRule(from, layer, found.specifier) : brokenPathRule(from, layer, found.path);
}

/** Everything in the graph that breaks the layer table, in the order of the files; empty means that all is well. Pure. */
export function checkLayers(graph: ImportGraph): Violation[] {
  const broken = [...graph].flatMap(([from, imports]) =>
    isTest(from) || isTestSupport(from)
      ? []
      : imports.flatMap((found) => {
          const text = brokenRule(from, found);
          return text === null ? [] : [{ rule: 'layer', path: from, text: `${from}:${found.line} ${text}` }];
        }),
  );
  const cycles = findCycles(graph).map((cycle) => ({ rule: 'cycle', path: cycle[0] ?? '', text: `cycle: ${[...cycle, cycle[0]].join(' → ')}` }));
  return [...broken, ...cycles];
}
