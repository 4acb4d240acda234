import { expect, test } from 'vitest';
import { ruleId } from '../../shared/policy/testing/builders.ts';
import { parseRuleCounters } from './parse-rule-counters.ts';

/** As `nft -t list ruleset inet` 1.0.6 prints a loaded bundle. */
const LISTING = `table inet firebreak {
	set a4_0123456789ab {
		type ipv4_addr
	}

	counter lost_in {
		packets 3 bytes 180
	}

	chain deny_in {
		ip saddr @a4_0123456789ab tcp dport 22 counter packets 2 bytes 120 goto miss_in comment "r_000000000002"
	}

	chain allow_in {
		ip saddr 10.0.0.1 tcp dport 5432 counter packets 7 bytes 420 goto pass_in comment "r_000000000001"
		ip6 saddr fd00::1 tcp dport 5432 counter packets 1 bytes 80 goto pass_in comment "r_000000000001"
	}

	chain allow_out {
		ip daddr 10.0.0.9 udp dport { 53, 853 } counter packets 40 bytes 2400 return comment "r_000000000001"
	}

	chain miss_in {
		counter packets 9 bytes 540 drop
	}
}
`;

test('the counters of a rule are summed by the end at which it decides', () => {
  expect(parseRuleCounters(LISTING)).toEqual([
    { rule: ruleId(1), direction: 'in', packets: 8, bytes: 500 },
    { rule: ruleId(1), direction: 'out', packets: 40, bytes: 2400 },
    { rule: ruleId(2), direction: 'in', packets: 2, bytes: 120 },
  ]);
});

test('what no kernel counts is passed over, and so is what stands outside our chains', () => {
  const line = (packets: string, comment: string) => `\tchain allow_in {\n\t\ttcp dport 1 counter packets ${packets} bytes 1 accept comment "${comment}"\n`;
  for (const text of ['', line('99999999999999999999', 'r_000000000001'), line('-1', 'r_000000000001'), line('1', 'r_1'), line('1', '<b>'), line('1', 'r_000000000001').replace('allow_in', '__proto__')])
    expect(parseRuleCounters(text)).toEqual([]);
  const many = Array.from({ length: 5_000 }, (_, i) => `\t\tcounter packets 1 bytes 1 accept comment "r_${String(i).padStart(12, '0')}"`);
  expect(parseRuleCounters(`\tchain allow_in {\n${many.join('\n')}`)).toHaveLength(4_000);
});

test('a line of nothing but counters, eight megabytes of it, takes no longer than anything else', () => {
  const line = 'counter packets 1 bytes 1 '.repeat(300_000);
  expect(parseRuleCounters(`\tchain allow_in {\n\t\t${line}\n\t\t${line}comment "r_1"\n\t\t${'comment "r_00000000000'.repeat(300_000)}\n`)).toEqual([]);
});
