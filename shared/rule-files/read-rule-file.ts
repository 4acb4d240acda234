import type { Family } from '../net/address.ts';
import { failed, type Parsed, parsed } from '../text/parsed.ts';
import { readIptables, tellFamily } from './read-iptables.ts';
import { readNft } from './read-nft.ts';
import { readNftJson } from './read-nft-json.ts';
import { type BlindSpot, MAX_RULE_TEXT_BYTES, type RuleFile } from './rule-file.ts';

const EMPTY: BlindSpot = { line: 1, text: '', reason: 'the file is empty: that is how a host without rules is listed, and what a listing that failed leaves behind' };

/** Reads a file of rules of any known format, told by what stands in it; `family` for iptables-save where the file's name tells it. Never throws. */
export function readRuleFile(text: string, family: Family | null): Parsed<RuleFile> {
  if (text.length > MAX_RULE_TEXT_BYTES) return failed(`it is larger than ${MAX_RULE_TEXT_BYTES / 1_048_576} MiB, which no listing of rules is`);
  if (text.includes('\u0000')) return failed('it is no text; give what “nft list ruleset”, “nft -j list ruleset” or “iptables-save” printed, saved as UTF-8');
  const begin = text.slice(0, 65_536).trimStart();
  if (begin.startsWith('{')) {
    const file = readNftJson(text);
    return file === null ? failed('it is no JSON of nft; write it again with: nft -j list ruleset') : parsed(file);
  }
  if (/^\s*(\*(filter|nat|mangle|raw|security)\b|:\S+ (ACCEPT|DROP|-)|(\[\d+:\d+\]\s+)?-[AIPN] \S)/m.test(text)) return parsed(readIptables(text, family ?? tellFamily(text)));
  if (/^\s*(table|add|create|insert|flush|delete|destroy|define|include)\s/m.test(text)) return parsed(readNft(text));
  // An empty ruleset prints nothing: nothing is refused there.
  if (text.split('\n').every((line) => line.trim() === '' || line.trim().startsWith('#'))) return parsed({ ...readNft(''), blindSpots: [EMPTY] });
  return failed('it is in no format that is known; give what “nft list ruleset”, “nft -j list ruleset”, “iptables-save” or “ip6tables-save” printed');
}
