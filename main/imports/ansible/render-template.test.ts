import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MISSING, renderTemplate } from './render-template.ts';
import type { TemplateValue } from './template-value.ts';

const VALUES: Record<string, TemplateValue> = { ports: [80, '443'], env: 'staging', vpn: false, name: 'db01.example', groups: new Map<string, TemplateValue>([['a', ['db01.example']], ['b', ['x', 'y']]]), hostvars: new Map<string, TemplateValue>([['x', new Map<string, TemplateValue>([['ip', '10.0.0.1']])]]) };
const render = (template: string) => renderTemplate(template, { scope: (name) => (Object.hasOwn(VALUES, name) ? VALUES[name] : undefined), include: (name) => (name === 'part' ? 'included {{ env }}' : null) });

describe('templates of rules', () => {
  test.each([
    ['{% for p in ports %}\ndport {{ p }}\n{% endfor %}\nend', 'dport 80\ndport 443\nend'],
    ["{% if env != 'staging' and vpn %}a{% elif env == 'staging' %}b{% else %}c{% endif %}", 'b'],
    ["{% if name in groups['a'] %}in{% endif %}{% if name not in groups['b'] %} out{% endif %}", 'in out'],
    ['{% if ports is defined %}yes{% endif %}{% if missing is defined %}no{% endif %}{% if missing is not defined %} none{% endif %}', 'yes none'],
    ["{% for h in (groups['a'] + groups['b']) %}{{ h }} {% endfor %}", 'db01.example x y '],
    ["{% for h in groups['b'] %}{% if 'ip' in hostvars['x'] %}{{ hostvars['x']['ip'] }} {% endif %}{% endfor %}", '10.0.0.1 10.0.0.1 '],
    ["{% if name.startswith (('web', 'db')) %}yes{% endif %}{% if name.endswith('.com') %}no{% endif %}", 'yes'],
    ["{% set x = 'a' ~ env %}{{ x }}{# a comment #}", 'astaging'],
    ["{% include 'part' %}", 'included staging'],
    ['{% if not vpn %}{% if vpn %}a{% else %}b{% endif %}{% endif %}', 'b'],
  ])('%s', (template, text) => {
    expect(render(template)).toEqual({ text, problems: [] });
  });

  test.each([
    ['ip saddr {{ nobody }} accept', `ip saddr ${MISSING} accept`, 'the files do not say what “nobody” is'],
    ["{{ hostvars['x']['tun'] }}", MISSING, "the files do not say what “hostvars['x']['tun']” is"],
    ["{% if host in groups['a'] %}x{% endif %}", '', 'the files do not say what one side of “host in groups [ \'a\' ]” is'],
    ['{{ ports | length }}', MISSING, 'filters are not modelled'],
    ['{% macro x() %}', '', '“{% macro x() %}” is not modelled'],
    ["{% include 'other' %}", '', 'the included “other” is not there'],
    ['{% for x of ports %}y{% endfor %}', '', '“{% for x of ports %}” is not modelled'],
  ])('%s is told, and not guessed', (template, text, problem) => {
    expect(render(template)).toEqual({ text, problems: [problem] });
  });

  test('templates without end are cut, and that is told', () => {
    const loops = '{% for a in ports %}'.repeat(24) + 'x'.repeat(2000) + '{% endfor %}'.repeat(24);
    const { text, problems } = render(loops);
    expect(text.length).toBeLessThan(4_000_000);
    expect(problems.length).toBeGreaterThan(0);
    expect(renderTemplate("{% include 'me' %}", { scope: () => undefined, include: () => "{% include 'me' %}" }).problems).toEqual(['blocks and includes are nested too deep']);
  });

  test('no text makes it throw', () => {
    const words = ['{{', '}}', '{%', '%}', 'if', 'endif', 'for', 'in', 'ports', 'endfor', 'else', 'elif', "'x'", '[', ']', '(', ')', 'is', 'defined', 'not', 'and', '+', 'set', '=', 'include', '.', 'constructor', '__proto__', '{#', '#}', '|'];
    fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 })), { maxLength: 60 }), (list) => {
      expect(typeof render(list.join(' ')).text).toBe('string');
    }));
  });
});
