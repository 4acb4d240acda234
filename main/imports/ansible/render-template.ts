import { evaluate, type Scope, TemplateProblem } from './template-expression.ts';
import { isTruthy, keysOf, printValue, type TemplateValue } from './template-value.ts';

/** `problems`: what is not in the text because it was not understood. */
export type Rendered = { readonly text: string; readonly problems: readonly string[] };
export type RenderOptions = { readonly scope: Scope; /** Text of a template that is included; null where there is none. */ readonly include: (name: string) => string | null };

type Part = { readonly kind: 'text' | 'value' | 'tag'; readonly text: string };
type Run = RenderOptions & { readonly out: string[]; readonly problems: Set<string>; bytes: number; steps: number; depth: number };

const PART = /\{\{([\s\S]*?)\}\}|\{%-?([\s\S]*?)-?%\}|\{#[\s\S]*?#\}/g;
/** No reader of rules takes it for a value: what stands there is then uncertain, and not something else. */
export const MISSING = '$missing';
const MAX_BYTES = 2_097_152;
const MAX_STEPS = 200_000;
const MAX_DEPTH = 8;

/** Renders the part of Jinja that templates of rules use: values, if, for, set, include. A part that is not understood is left out and told. Bounded in text and steps. */
export function renderTemplate(template: string, options: RenderOptions): Rendered {
  const run: Run = { ...options, out: [], problems: new Set(), bytes: 0, steps: 0, depth: 0 };
  renderParts(splitParts(template), options.scope, run);
  return { text: run.out.join(''), problems: [...run.problems] };
}

function splitParts(template: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of template.matchAll(PART)) {
    parts.push({ kind: 'text', text: template.slice(from, match.index) });
    from = match.index + match[0].length;
    if (match[1] !== undefined) parts.push({ kind: 'value', text: match[1] });
    else if (match[2] !== undefined) {
      parts.push({ kind: 'tag', text: match[2].trim() });
      // Ansible sets trim_blocks: the first new line after a tag is not part of the text.
      if (template[from] === '\n') from += 1;
    }
  }
  parts.push({ kind: 'text', text: template.slice(from) });
  return parts;
}

function attempt<T>(run: Run, otherwise: T, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TemplateProblem)) throw error;
    run.problems.add(error.message);
    return otherwise;
  }
}

function write(run: Run, text: string): void {
  run.bytes += text.length;
  if (run.bytes > MAX_BYTES) run.problems.add('the text grew beyond 2 MiB: the rest is missing');
  else run.out.push(text);
}

function renderParts(parts: readonly Part[], scope: Scope, run: Run): void {
  let names = scope;
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at];
    run.steps += 1;
    if (part === undefined || run.steps > MAX_STEPS) {
      run.problems.add('the template takes too many steps: the rest is missing');
      return;
    }
    if (part.kind === 'text') write(run, part.text);
    else if (part.kind === 'value') write(run, attempt(run, MISSING, () => printKnown(part.text, names)));
    else {
      const [word = ''] = part.text.split(/\s+/, 1);
      const rest = part.text.slice(word.length).trim();
      if (word === 'if' || word === 'for') {
        const end = endOfBlock(parts, at, word);
        const inside = parts.slice(at + 1, end);
        if (word === 'if') renderIf(rest, inside, names, run);
        else renderFor(rest, inside, names, run);
        at = end;
      } else if (word === 'set') names = readSet(rest, names, run);
      else if (word === 'include') renderInclude(rest, names, run);
      else run.problems.add(`“{% ${part.text.slice(0, 60)} %}” is not modelled`);
    }
  }
}

/** A value that nobody gave would be an empty word in a rule, and so another rule. */
function printKnown(text: string, scope: Scope): string {
  const value = evaluate(text, scope);
  if (value === undefined) throw new TemplateProblem(`the files do not say what “${text.trim()}” is`);
  return printValue(value);
}

function endOfBlock(parts: readonly Part[], from: number, word: string): number {
  let depth = 0;
  for (let at = from; at < parts.length; at++) {
    const { kind, text } = parts[at] ?? { kind: 'text', text: '' };
    if (kind !== 'tag') continue;
    if (new RegExp(`^${word}\\b`).test(text)) depth += 1;
    else if (text.startsWith(`end${word}`)) depth -= 1;
    if (depth === 0) return at;
  }
  return parts.length;
}

function renderIf(condition: string, inside: readonly Part[], scope: Scope, run: Run): void {
  let open = condition;
  let from = 0;
  let depth = 0;
  for (let at = 0; at <= inside.length; at++) {
    const { kind, text } = inside[at] ?? { kind: 'tag', text: 'else' };
    if (kind !== 'tag') continue;
    if (/^if\b/.test(text)) depth += 1;
    else if (/^endif\b/.test(text)) depth -= 1;
    else if (depth === 0 && /^(elif|else)\b/.test(text)) {
      if (attempt(run, false, () => isTruthy(evaluate(open, scope)))) {
        nested(run, () => renderParts(inside.slice(from, at), scope, run));
        return;
      }
      open = text.startsWith('elif') ? text.slice(4) : 'true';
      from = at + 1;
    }
  }
}

function renderFor(head: string, inside: readonly Part[], scope: Scope, run: Run): void {
  const [, name, list] = /^([A-Za-z_]\w*)\s+in\s+([\s\S]+)$/.exec(head) ?? [];
  if (name === undefined || list === undefined) {
    run.problems.add(`“{% for ${head.slice(0, 60)} %}” is not modelled`);
    return;
  }
  for (const item of attempt<readonly TemplateValue[]>(run, [], () => keysOf(evaluate(list, scope)))) {
    if (run.steps > MAX_STEPS || run.bytes > MAX_BYTES) return;
    nested(run, () => renderParts(inside, (asked) => (asked === name ? item : scope(asked)), run));
  }
}

function readSet(text: string, scope: Scope, run: Run): Scope {
  const [, name, value] = /^([A-Za-z_]\w*)\s*=\s*([\s\S]+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    run.problems.add(`“{% set ${text.slice(0, 60)} %}” is not modelled`);
    return scope;
  }
  const known = attempt<TemplateValue>(run, undefined, () => evaluate(value, scope));
  return (asked) => (asked === name ? known : scope(asked));
}

function renderInclude(text: string, scope: Scope, run: Run): void {
  const name = printValue(attempt<TemplateValue>(run, '', () => evaluate(text, scope)));
  const template = run.include(name);
  if (template === null) run.problems.add(`the included “${name}” is not there`);
  else nested(run, () => renderParts(splitParts(template), scope, run));
}

function nested(run: Run, work: () => void): void {
  run.depth += 1;
  if (run.depth > MAX_DEPTH * 2) run.problems.add('blocks and includes are nested too deep');
  else work();
  run.depth -= 1;
}
