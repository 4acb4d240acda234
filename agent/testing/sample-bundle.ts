import { createHash } from 'node:crypto';

export type SampleMode = 'observe' | 'test' | 'enforce';
export type SampleBundle = { hostId?: string; policy?: number; mode?: SampleMode; allowedPort?: number; extraSet?: string; consoles?: readonly string[]; bodyOverride?: string };

const recordingSets = {
  in4: 'ip saddr . meta l4proto . th dport . socket cgroupv2 level 2',
  in6: 'ip6 saddr . meta l4proto . th dport . socket cgroupv2 level 2',
  in4x: 'ip saddr . meta l4proto . th dport',
  out4: 'ip daddr . meta l4proto . th dport . meta skuid . socket cgroupv2 level 2',
  out4x: 'ip daddr . meta l4proto . th dport',
  miss_in4x: 'ip saddr . meta l4proto . th dport',
} as const;

/** A hand-made bundle in the layout of agent/README.md, small but with every kind of object. The product's own come from shared/policy/print.ts. */
export function sampleBundle(options: SampleBundle = {}): { text: string; hash: string } {
  const { hostId = 'h_0123456789ab', policy = 1, mode = 'observe', consoles = ['10.0.0.9'] } = options;
  const body = options.bodyOverride ?? sampleBody(mode, options.allowedPort ?? 5432, options.extraSet);
  const hash = createHash('sha256').update(body).digest('hex');
  const header = ['firebreak bundle 1', `host ${hostId}`, `policy ${policy}`, `mode ${mode}`, 'zone shop-db', `console ${consoles.join(' ')}`, 'sshport 22', `hash ${hash}`];
  return { text: header.map((line) => `# ${line}\n`).join('') + body, hash };
}

function sampleBody(mode: SampleMode, allowedPort: number, extraSet: string | undefined): string {
  const sets = Object.entries(recordingSets).map(([name, key]) => `\tset ${name} { typeof ${key}; flags dynamic,timeout; timeout 1d; size 16384; counter; }`);
  const extra = extraSet === undefined ? [] : [`\tset ${extraSet} { type ipv4_addr; flags interval; elements = { 10.7.0.0/24, 10.8.0.5-10.8.0.9 }; }`, `\tchain c_${extraSet} { }`];
  const allow = [`\t\tip saddr @a4_0123456789ab tcp dport ${allowedPort} counter accept comment "r_0123456789ab"`];
  if (extraSet !== undefined) allow.push(`\t\tip saddr @${extraSet} tcp dport 8080 counter accept comment "r_0123456789ac"`);
  const judge = mode === 'observe' ? [] : ['\t\tjump allow_in', '\t\tgoto miss_in'];
  const chains = ['input', 'output', 'rec_in', 'rec_out', 'allow_in', 'miss_in'];
  return [
    '# --- phase 1: declare',
    'table inet firebreak {',
    ...sets,
    '\tcounter lost_in { }',
    '\tset a4_0123456789ab { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2 }; }',
    ...extra,
    '\tchain input { type filter hook input priority filter + 20; policy accept; }',
    '\tchain output { type filter hook output priority filter + 20; policy accept; }',
    ...chains.slice(2).map((name) => `\tchain ${name} { }`),
    '}',
    '# --- phase 2: swap',
    ...chains.map((name) => `flush chain inet firebreak ${name}`),
    ...(extraSet === undefined ? [] : [`flush chain inet firebreak c_${extraSet}`]),
    'table inet firebreak {',
    '\tchain rec_in {',
    '\t\ttcp flags & (fin | syn | rst | ack) != syn return',
    '\t\tupdate @in4 { ip saddr . meta l4proto . th dport . socket cgroupv2 level 2 } return',
    '\t\tupdate @in4x { ip saddr . meta l4proto . th dport } return',
    '\t\tcounter name lost_in',
    '\t}',
    '\tchain rec_out {',
    '\t\ttcp flags & (fin | syn | rst | ack) != syn return',
    '\t\tupdate @out4 { ip daddr . meta l4proto . th dport . meta skuid . socket cgroupv2 level 2 } return',
    '\t\tupdate @out4x { ip daddr . meta l4proto . th dport } return',
    '\t}',
    '\tchain input {',
    '\t\tip saddr 10.0.0.9 tcp dport 22 accept',
    '\t\tct state established,related accept',
    '\t\tct state new jump rec_in',
    ...judge,
    '\t}',
    '\tchain output {',
    '\t\tip daddr 10.0.0.9 tcp sport 22 accept',
    '\t\tct state established,related accept',
    '\t\tct state new jump rec_out',
    '\t}',
    ...(mode === 'observe' ? [] : ['\tchain allow_in {', ...allow, '\t}', '\tchain miss_in {', '\t\tmeta l4proto { tcp, udp } update @miss_in4x { ip saddr . meta l4proto . th dport }', mode === 'enforce' ? '\t\tcounter drop' : '\t\tcounter accept', '\t}']),
    '}',
    '',
  ].join('\n');
}
