# Sets that only the host can fill: what a bundle names and the kernel knows by number. A bundle declares them empty, and says in phase 1
#   # fill u_0123456789ab user backup
# shellcheck shell=sh disable=SC2154,SC2034

# "SET KIND NAME" of each set that bundle $1 wants filled.
fill_lines() {
  awk '/^# --- phase 2/ { exit } /^# fill [ug]_[0-9a-f]+ (user|group) [^ ]+$/ { print $3, $4, $5 }' "$1"
}

# nft statements that give these sets of bundle $1 what this host says now. A name that does not exist leaves its set empty: nobody.
fill_statements() {
  fill_lines "$1" | while read -r fill_set fill_kind fill_name; do
    printf 'flush set inet firebreak %s\n' "$fill_set"
    for fill_id in $(fill_ids "$fill_kind" "$fill_name"); do printf 'add element inet firebreak %s { %s }\n' "$fill_set" "$fill_id"; done
  done
}

# "KIND NAME" of what bundle $1 names and this host does not have.
fill_missing() {
  fill_lines "$1" | while read -r fill_set fill_kind fill_name; do
    [ -n "$(fill_ids "$fill_kind" "$fill_name")" ] || printf '%s %s\n' "$fill_kind" "$fill_name"
  done
}

# The kernel's number for $2 of kind $1 (user, group); nothing when there is none. A directory that does not answer is waited for 5 s.
fill_ids() {
  case $2 in *[!0-9]*) ;; *) printf '%s\n' "$2"; return ;; esac
  case $1 in user) fill_file=passwd ;; group) fill_file=group ;; *) return ;; esac
  if command -v getent >/dev/null 2>&1; then timeout -s KILL 5 getent "$fill_file" "$2"; else grep "^$2:" "/etc/$fill_file"; fi 2>/dev/null |
    awk -F: '$3 ~ /^[0-9]+$/ { print $3; exit }'
}

# The bundle that runs: the pending one once it was loaded, else the confirmed one.
running_path() {
  if [ -f "$pending_dir/kernel-hash" ] && [ -f "$pending_dir/bundle.nft" ]; then echo "$pending_dir/bundle.nft"; else echo "$confirmed_path"; fi
}

# Asks again for the running bundle: accounts come, go and change their number. Never a reason to fail.
refill_sets() {
  [ "$(bundle_header "$(running_path)" hash 2>/dev/null)" = "$(state_get running_bundle)" ] || return 0
  fill_statements "$(running_path)" >"$scratch/fill"
  [ ! -s "$scratch/fill" ] || nft_ -f "$scratch/fill" >"$scratch/nft-error" 2>&1 || log "sets of accounts cannot be filled: $(nft_error)"
}
