# What a collection has of its host. Only reads; what cannot be read is among the absences.
# shellcheck shell=sh disable=SC2154,SC2034

rules_max_bytes=8388608
tracked_max_bytes=16777216

gather_host() {
  is_root || absence 'processes, rules, tracking' 'not run as root, so only what everybody on this host may see'
  command -v ip >/dev/null 2>&1 || absence addresses 'this host has no ip (iproute2)'
  # Without a login over SSH: where somebody logs in from is not to become a way in.
  cmd_facts >"$scratch/bundle/facts.json"
  gather_sessions
  gather_rules
}

# The agent's commands run here as they are, but for what they need of a host that has the agent: nft and root, and its own folder in /run.
require_root_and_tools() { :; }
make_scratch() { :; }

# Connections that live now, as the agent's own `sessions` prints them, and what connection tracking still remembers.
gather_sessions() {
  cmd_sessions >"$scratch/bundle/sessions.json"
  if [ "$(find_tracking)" = none ]; then
    absence 'connection tracking' 'the kernel shows none and conntrack is not installed: only connections that were open now are known'
    return 0
  fi
  tracking_lines 2>/dev/null | head -c "$((tracked_max_bytes + 1))" >"$scratch/tracking-text"
  if [ "$(wc -c <"$scratch/tracking-text")" -gt "$tracked_max_bytes" ]; then
    # Half a line would tell half an address.
    head -c "$tracked_max_bytes" "$scratch/tracking-text" | sed '$d' >"$scratch/bundle/conntrack.txt"
    absence 'connection tracking' "longer than $tracked_max_bytes bytes, and the rest is not in it"
  else
    mv "$scratch/tracking-text" "$scratch/bundle/conntrack.txt"
  fi
  if [ ! -s "$scratch/bundle/conntrack.txt" ]; then
    rm -f "$scratch/bundle/conntrack.txt"
    absence 'connection tracking' 'it could not be read, or remembers nothing'
  fi
}

# The rules of whoever decides here, as their own programs print them. The legacy tables only where they are loaded: to list them would load them.
gather_rules() {
  gather_rules_of ruleset.nft nft nft_ list ruleset
  for family in ip ip6; do
    if [ -s "/proc/net/${family}_tables_names" ]; then gather_rules_of "${family}tables.txt" "${family}tables-legacy-save" timeout 20 "${family}tables-legacy-save"; fi
  done
}

# gather_rules_of FILE PROGRAM COMMAND…
gather_rules_of() {
  rules_file=$1 rules_program=$2
  shift 2
  if ! command -v "$rules_program" >/dev/null 2>&1; then
    absence "$rules_file" "$rules_program is not installed"
    return 0
  fi
  if ! "$@" >"$scratch/rules" 2>"$scratch/rules-error" </dev/null; then
    absence "$rules_file" "$rules_program: $(tr -d '\000-\037' <"$scratch/rules-error" | head -c 120)"
    return 0
  fi
  if [ "$(wc -c <"$scratch/rules")" -gt "$rules_max_bytes" ]; then
    absence "$rules_file" "longer than $rules_max_bytes bytes"
    return 0
  fi
  cat "$scratch/rules" >"$scratch/bundle/$rules_file"
}
