# Rules that are not those that were loaded: what differs, who may have done it, and the events about it.
# shellcheck shell=sh disable=SC2154,SC2034

# Remembers what the kernel runs before it is put right. Sets drift_same_boot when our rules were loaded in this boot and are not what runs.
drift_begin() {
  drift_same_boot=
  drift_hash=$(kernel_hash)
  cp "$scratch/kernel-text" "$scratch/drift-before"
  if [ "$drift_hash" != "$(state_get kernel_hash)" ] && [ "$(state_get running_boot)" = "$boot_id" ]; then drift_same_boot=yes; fi
}

# After restore_rules: the events, with the difference. Another nft version may print the same rules otherwise: that is no event.
# $1, $2: the process and how surely it is known (exact, inferred, unknown).
drift_end() {
  kernel_hash >/dev/null
  if cmp -s "$scratch/drift-before" "$scratch/kernel-text"; then return 0; fi
  event tampered s:what rules s:difference "$(drift_text)" s:process "$1" s:confidence "$2"
  event restored s:what rules s:from "$restored_from" s:bundle "$(state_get running_bundle)"
}

# At most 600 bytes: `-` what was missing first, then `+` what was there and does not belong.
drift_text() {
  if [ ! -s "$scratch/drift-before" ]; then echo 'the table was missing'; return; fi
  awk -v good="$scratch/kernel-text" -f "$lib_dir/difference.awk" "$scratch/drift-before" | sort -k1.1,1.1r -k1.2 >"$scratch/difference"
  [ -s "$scratch/difference" ] || echo 'the order of rules was changed' >"$scratch/difference"
  drift_lines=$(wc -l <"$scratch/difference")
  printf '%s' "$(head -c 600 "$scratch/difference" | tr '\n' ';')"
  if [ "$(wc -c <"$scratch/difference")" -gt 600 ]; then printf ' … (%s lines)' "$drift_lines"; fi
}

# Who may have changed the rules since the last check: sets suspect and suspect_confidence. The kernel's audit records name the
# process (only where auditing is on); sudo's lines in the journal name a person and a command that could have done it.
find_suspect() {
  suspect=unknown suspect_confidence=unknown
  command -v journalctl >/dev/null 2>&1 || return 0
  suspect_since=$(cat "$verified_path" 2>/dev/null)
  suspect_since=${suspect_since:-$(($(clock_s) - 600))}
  suspect_line=$(timeout 10 journalctl -q -k -o cat --since "@$suspect_since" 2>/dev/null | grep 'table=firebreak:' | grep -o 'pid=[0-9]*.*comm="[^"]*"' | grep -v "pid=$$ " | tail -n 1)
  if [ -n "$suspect_line" ]; then
    suspect=$(one_line "$suspect_line" 200) suspect_confidence=exact
    return 0
  fi
  suspect_line=$(timeout 10 journalctl -q -t sudo -o cat --since "@$suspect_since" 2>/dev/null | grep -e 'COMMAND=.*\(nft\|iptables\|ip6tables\|ufw\|firewall\|fail2ban\|firebreak\)' | grep -v 'firebreak-agent' | tail -n 1)
  [ -z "$suspect_line" ] || suspect="sudo: $(one_line "$suspect_line" 200)" suspect_confidence=inferred
}
