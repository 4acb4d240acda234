# Loading a bundle by iptables and ipset: sets first, which nothing asks for yet, then each family at once, IPv4 before IPv6.
# shellcheck shell=sh disable=SC2154,SC2034

# An account that is not there: more than any number that one has, and less than “none”.
xt_nobody=4294967294

# Takes bundle $1 apart into $scratch/xt.ipset, .v4 and .v6. $2 `told`: accounts as told now; else also as they were told last, which needs the lock.
xt_take_apart() {
  xt_find_table
  if [ "${2-}" = told ]; then
    fill_look_up "$1"
    awk '$4 != "-" { print $1, $4 }' "$scratch/names" >"$scratch/xt-accounts"
  else
    fill_statements "$1" | awk '$1 == "add" { print $5, $7 }' >"$scratch/xt-accounts"
  fi
  rm -f "$scratch/xt.ipset" "$scratch/xt.v4" "$scratch/xt.v6"
  awk -v base="$scratch/xt" -v table="$xt_table" -v accounts="$scratch/xt-accounts" -v nobody="$xt_nobody" -f "$lib_dir/iptables-split.awk" "$1"
}

# Whether the kernel takes bundle $1, tried in a network of its own. Where it gives none: with the sets added, and those that nothing asks for taken away again.
xt_check() {
  xt_take_apart "$1" told || { echo 'the bundle cannot be taken apart' >"$scratch/nft-error"; return 1; }
  xt_six=''
  case $(xt_programs) in *ip6tables) xt_six=yes ;; esac
  if unshare -n true 2>/dev/null; then
    # shellcheck disable=SC2016 # for the inner shell
    xt_ unshare -n sh -c 'ipset -exist restore <"$1.ipset" && iptables-restore -n <"$1.v4" && { [ -z "$2" ] || ip6tables-restore -n <"$1.v6"; }' check "$scratch/xt" "$xt_six" >"$scratch/nft-error" 2>&1
    return
  fi
  xt_checked=0
  { xt_ ipset -exist restore <"$scratch/xt.ipset" && xt_in_turn iptables-restore -n -t <"$scratch/xt.v4" && { [ -z "$xt_six" ] || xt_in_turn ip6tables-restore -n -t <"$scratch/xt.v6"; }; } >"$scratch/nft-error" 2>&1 || xt_checked=1
  xt_prune
  return "$xt_checked"
}

restore_anew_check() { xt_check "$1"; }

# As over nft. Returns non-zero with words in $scratch/nft-error; then one family may have the new rules and the other its former ones, each whole.
load_bundle() {
  load_epoch
  xt_take_apart "$1" || { echo 'the bundle cannot be taken apart' >"$scratch/nft-error"; return 1; }
  xt_mend_sets
  xt_ ipset -exist restore <"$scratch/xt.ipset" >"$scratch/nft-error" 2>&1 || return 1
  xt_families=$(xt_programs)
  for xt_program in $xt_families; do
    xt_in_turn "$xt_program-restore" -n -t <"$(xt_file "$xt_program")" >"$scratch/nft-error" 2>&1 || return 1
  done
  for xt_program in $xt_families; do
    xt_in_turn "$xt_program-restore" -n <"$(xt_file "$xt_program")" >"$scratch/nft-error" 2>&1 || return 1
    xt_hook_in "$xt_program" || return 1
    xt_remove_strangers "$xt_program"
  done
  xt_prune
  cp "$scratch/xt-accounts" "$run_dir/iptables-accounts"
}

xt_file() { case $1 in iptables) echo "$scratch/xt.v4" ;; *) echo "$scratch/xt.v6" ;; esac; }

# Where a set of ours has become one of another kind, what refers to it has to go first. Meanwhile the rules of last resort hold, which ask for no set:
# where they let in the console alone, nobody else comes in. They stay where somebody else's rule asks for the set, and whoever asked goes on to the next policy.
load_bundle_anew() {
  load_bundle "$1" && return 0
  failsafe_bundle "$1" >"$scratch/xt-meanwhile"
  if [ "$b_mode" != failsafe ] && load_bundle "$scratch/xt-meanwhile"; then
    # A reference that has just gone can be counted for a moment longer.
    xt_destroy_sets || { sleep 1; xt_destroy_sets; } || return 1
    load_bundle "$1" || return 1
  else
    xt_remove && load_bundle "$1" || return 1
  fi
  state_epoch_next=$(new_epoch)
}

# The recording sets live on over a load, and so does the epoch.
load_epoch() {
  state_epoch_next=$(state_get epoch)
  if [ -z "$state_epoch_next" ] || ! xt_ ipset list -n 2>/dev/null | grep -qx fb_in4; then state_epoch_next=$(new_epoch); fi
}

# Takes out of the sets of the bundle what somebody put in; what is missing comes back with the restore.
xt_mend_sets() {
  xt_ ipset save 2>/dev/null | awk -v wanted="$scratch/xt.ipset" '
    BEGIN { while ((getline line < wanted) > 0) { split(line, f, " "); if (f[1] == "add") is_wanted[f[2] " " f[3]] = 1; else if (f[2] ~ /^fb_a/) is_ours[f[2]] = 1 } }
    $1 == "add" && ($2 in is_ours) && !(($2 " " $3) in is_wanted) { print "del", $2, $3 }' >"$scratch/xt-strangers"
  [ ! -s "$scratch/xt-strangers" ] || xt_ ipset -exist restore <"$scratch/xt-strangers" 2>/dev/null
}

# Our jumps once each, and first: a rule before them that accepts would pass everything by.
xt_hook_in() {
  for xt_hook in $xt_hooks; do
    xt_kernels=${xt_hook%:*} xt_ours=${xt_hook#*:}
    if [ "$(xt_ "$1" -t "$xt_table" -S "$xt_kernels" 2>/dev/null | grep '^-A ' | head -n 1)" != "-A $xt_kernels -j $xt_ours" ]; then
      xt_in_turn "$1" -t "$xt_table" -I "$xt_kernels" 1 -j "$xt_ours" 2>"$scratch/nft-error" || return 1
    fi
    for xt_number in $(xt_ "$1" -t "$xt_table" -S "$xt_kernels" 2>/dev/null | grep '^-A ' | grep -n -x -e "-A $xt_kernels -j $xt_ours" | sed '1d; s/:.*//' | sort -rn); do
      xt_in_turn "$1" -t "$xt_table" -D "$xt_kernels" "$xt_number" 2>/dev/null
    done
  done
}

# Chains of our name that the bundle does not have. One that somebody refers to stays, empty.
xt_remove_strangers() {
  xt_chains "$1" >"$scratch/xt-chains"
  sed -n 's/^:\(FB-[A-Z-]*\) .*/\1/p' "$(xt_file "$1")" | sort >"$scratch/xt-declared"
  sort "$scratch/xt-chains" | while read -r xt_chain; do
    if grep -qxF "$xt_chain" "$scratch/xt-declared"; then continue; fi
    xt_in_turn "$1" -t "$xt_table" -F "$xt_chain" </dev/null 2>/dev/null
    xt_in_turn "$1" -t "$xt_table" -X "$xt_chain" </dev/null 2>/dev/null
  done
}

# Sets of earlier policies. ipset itself refuses to destroy one that a rule asks for.
xt_prune() {
  xt_ ipset list -n 2>/dev/null | grep '^fb_a[46]_' >"$scratch/xt-sets"
  while read -r xt_set; do xt_ ipset destroy "$xt_set" </dev/null 2>/dev/null; done <"$scratch/xt-sets"
  return 0
}

# Asks again for the accounts of the running bundle. A number that changed is loaded with all the rest; the hash of what runs has no such numbers in it.
refill_sets() {
  grep -q '^# fill [ug]_' "$(running_path)" 2>/dev/null || return 0
  [ "$(bundle_header "$(running_path)" hash 2>/dev/null)" = "$(state_get running_bundle)" ] || return 0
  fill_statements "$(running_path)" | awk '$1 == "add" { print $5, $7 }' >"$scratch/xt-accounts-now"
  if cmp -s "$scratch/xt-accounts-now" "$run_dir/iptables-accounts"; then return 0; fi
  load_bundle "$(running_path)" || log "rules of accounts cannot be loaded: $(nft_error)"
}

# The rules of last resort, in the words of iptables; failsafe.sh says what they are.
failsafe_bundle() {
  bundle_read "$1"
  { echo '# --- phase 1: sets'; failsafe_family iptables; failsafe_family ip6tables; } >"$scratch/failsafe-body"
  printf '# firebreak bundle 1 iptables\n# host %s\n# policy %s\n# mode failsafe\n# zone %s\n# console %s\n# sshport %s\n' "$b_host" "$b_policy" "$b_zone" "$b_console" "$b_sshport"
  printf '# hash %s\n' "$(file_hash "$scratch/failsafe-body")"
  cat "$scratch/failsafe-body"
}

failsafe_family() {
  printf '# --- phase 2: %s\n*security\n:FB-IN - [0:0]\n:FB-OUT - [0:0]\n:FB-FWD - [0:0]\n' "$1"
  if [ "$b_mode" = enforce ]; then
    failsafe_chain "$1" | sed 's/^/-A FB-IN /'
    printf -- '-A FB-FWD -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN\n-A FB-FWD -m conntrack --ctstate DNAT -j DROP\n'
  fi
  echo COMMIT
}

# What comes in, of one family.
failsafe_chain() {
  case $b_sshport in '' | *[!0-9]*) ssh_port=22 ;; *) ssh_port=$b_sshport ;; esac
  echo '-i lo -j RETURN'
  consoles_let_in=0
  for address in $b_console; do
    case $address in *[!0-9a-fA-F:./-]*) continue ;; esac
    consoles_let_in=$((consoles_let_in + 1))
    case $1:$address in iptables:*:* ) continue ;; ip6tables:*:*) ;; ip6tables:*) continue ;; esac
    printf -- '-s %s -p tcp -m tcp --dport %s -j RETURN\n' "$address" "$ssh_port"
  done
  [ "$consoles_let_in" -gt 0 ] || printf -- '-p tcp -m tcp --dport %s -j RETURN\n' "$ssh_port"
  echo '-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN'
  case $1 in
    iptables) printf -- '-p icmp -j RETURN\n-p 2 -j RETURN\n-p udp -m udp --sport 67 --dport 68 -j RETURN\n' ;;
    *) printf -- '-p ipv6-icmp -j RETURN\n-p udp -m udp --sport 547 --dport 546 -j RETURN\n' ;;
  esac
  echo '-j DROP'
}
