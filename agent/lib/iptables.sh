# Hosts without a usable nft: what stands in for it. Replaces functions of the core and of other parts by the same names; everything else of the agent
# is as it is over nft. Only chains FB-… and sets fb_… are ever changed, always with a time limit.
# shellcheck shell=sh disable=SC2154,SC2034

xt_table=${xt_table-}
bundle_first='# firebreak bundle 1 iptables' bundle_reader=iptables-bundle.awk
# The kernel's chains and ours.
xt_hooks='INPUT:FB-IN OUTPUT:FB-OUT FORWARD:FB-FWD'

xt_() { timeout -s KILL "$nft_timeout_s" "$@"; }

# The same, again while somebody else holds the lock of iptables (exit 4).
xt_in_turn() {
  for _ in 1 2 3 4 5 6 7 8; do
    xt_code=0
    xt_ "$@" || xt_code=$?
    [ "$xt_code" -eq 4 ] || return "$xt_code"
    sleep 1
  done
  return 4
}

# Sets xt_table: security, behind the tables of others; mangle where the kernel has none.
xt_find_table() {
  [ -z "$xt_table" ] || return 0
  if xt_ iptables -t security -S INPUT >/dev/null 2>&1; then xt_table=security; else xt_table=mangle; fi
}

# Programs of the families that this host has: where IPv6 is off and ip6tables does not answer, nothing of it has to be judged.
xt_programs() {
  xt_find_table
  if [ -e /proc/net/if_inet6 ] || xt_ ip6tables -t "$xt_table" -S INPUT >/dev/null 2>&1; then echo iptables ip6tables; else echo iptables; fi
}

require_root_and_tools() {
  is_root || fail 6 NOT_ROOT 'the agent must run as root'
  for tool in iptables ip6tables iptables-save ip6tables-save iptables-restore ip6tables-restore ipset awk sed grep sort cmp head cut tr wc sha256sum gzip flock timeout setsid sync mktemp find; do
    command -v "$tool" >/dev/null 2>&1 || fail 6 TOOL_MISSING "$tool"
  done
}

# What other parts ask of nft itself.
nft_() {
  case $* in
    # Whether nft takes something: there is none.
    '-c -f -') cat >/dev/null; return 1 ;;
    '-c -f '*) xt_check "$3" ;;
    'delete table inet firebreak') xt_remove ;;
    '-f '*) if grep -qx 'delete table inet firebreak' "$2" 2>/dev/null; then xt_remove; else [ -f "$2" ] && [ ! -s "$2" ]; fi ;;
    *) : ;;
  esac
}

# Takes all away: the jumps first, so that no packet meets half of it. True when nothing of ours is left.
xt_remove() {
  for xt_program in $(xt_programs); do
    for xt_hook in $xt_hooks; do
      while xt_in_turn "$xt_program" -t "$xt_table" -D "${xt_hook%:*}" -j "${xt_hook#*:}" 2>/dev/null; do :; done
    done
    xt_chains "$xt_program" >"$scratch/xt-chains"
    for xt_do in -F -X; do
      while read -r xt_chain; do xt_in_turn "$xt_program" -t "$xt_table" "$xt_do" "$xt_chain" </dev/null || return 1; done <"$scratch/xt-chains"
    done
  done 2>"$scratch/nft-error"
  xt_destroy_sets
}

# Non-zero when a rule still asks for one.
xt_destroy_sets() {
  xt_ ipset list -n 2>/dev/null | grep '^fb_' >"$scratch/xt-sets"
  while read -r xt_set; do xt_ ipset destroy "$xt_set" </dev/null 2>"$scratch/nft-error" || return 1; done <"$scratch/xt-sets"
}

# Our chains in our table. $1: iptables or ip6tables.
xt_chains() { xt_ "$1" -t "$xt_table" -S 2>/dev/null | sed -n 's/^-N \(FB-[A-Z-]*\)$/\1/p'; }

# One line for each table of iptables, as it is without what is ours and without counters.
foreign_tables() {
  for xt_program in iptables ip6tables; do
    for xt_name in filter nat mangle raw security; do
      xt_ "$xt_program-save" -t "$xt_name" 2>/dev/null </dev/null | sed -n -e '/FB-/d' -e 's/ \[[0-9]*:[0-9]*\]$//' -e '/^[:-]/p' >"$scratch/xt-foreign"
      # A table that was never asked for is as one that is empty.
      if grep -q -v '^:[A-Z]* ACCEPT$' "$scratch/xt-foreign"; then printf '%s %s\t%s\n' "$xt_program" "$xt_name" "$(file_hash "$scratch/xt-foreign")"; fi
    done
  done
}

# Without an agent nobody would load them at boot, nor look accounts up.
leave_rules() { fail 3 RULES_NOT_LEFT 'rules of iptables and ipset cannot be left without the agent: nothing would load them at a boot; uninstall with --rules remove, or keep the agent'; }
