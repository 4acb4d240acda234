# Sets that only the host can fill: what a bundle names and the kernel knows by number. A bundle declares them empty, and says in phase 1
#   # fill u_0123456789ab user backup
# shellcheck shell=sh disable=SC2154,SC2034

# "SET KIND NAME" of each set that bundle $1 wants filled.
fill_lines() {
  awk '/^# --- phase 2/ { exit } /^# fill [ugc]_[0-9a-f]+ (user|group|unit) [^ ]+$/ { print $3, $4, $5 }' "$1"
}

# Looks up the accounts of bundle $1, all at once: a directory that does not answer is waited for 5 s, and not 5 s for each name.
# Leaves "SET KIND NAME NUMBER" in $scratch/names, NUMBER `-` where this host knows none.
fill_look_up() {
  fill_lines "$1" >"$scratch/fill-lines"
  fill_count=0 fill_pids=''
  while read -r fill_set fill_kind fill_name; do
    [ "$fill_kind" != unit ] || continue
    fill_count=$((fill_count + 1))
    { fill_id=$(fill_ids "$fill_kind" "$fill_name"); printf '%s %s %s %s\n' "$fill_set" "$fill_kind" "$fill_name" "${fill_id:--}"; } >"$scratch/name.$fill_count" &
    fill_pids="$fill_pids $!"
    # These and no others: the sleeper of a push is a child too.
    # shellcheck disable=SC2086 # numbers
    [ $((fill_count % 32)) -ne 0 ] || { wait $fill_pids; fill_pids=''; }
  done <"$scratch/fill-lines"
  # shellcheck disable=SC2086
  [ -z "$fill_pids" ] || wait $fill_pids
  : >"$scratch/names"
  [ "$fill_count" -eq 0 ] || cat "$scratch"/name.* >"$scratch/names"
  [ "$fill_count" -eq 0 ] || rm -f "$scratch"/name.*
}

# nft statements that give the sets of accounts of bundle $1 what this host says now. A name that does not exist leaves its set empty: nobody.
# One that was known and that a directory does not tell now keeps its number: an outage must not open what a deny rule closes. Needs the lock.
fill_statements() {
  fill_look_up "$1"
  [ -s "$scratch/names" ] || return 0
  fill_sure=''
  if fill_certain passwd; then fill_sure=' user'; fi
  if fill_certain group; then fill_sure="$fill_sure group"; fi
  : >"$scratch/names-known"
  awk -v at="$(clock_s)" -v sure="$fill_sure" -v keep="$names_keep_s" -v known="$names_path" -v next_known="$scratch/names-known" -f "$lib_dir/names.awk" "$scratch/names" || return 1
  # A name whose number did not change is written once an hour, for the time at which it was last told.
  [ ! -s "$scratch/names-known" ] || put_file "$names_path" <"$scratch/names-known" || log "$names_path cannot be written"
}

# Whether database $1 (passwd, group) has only files of this host, so that a name that it does not tell is surely gone (nsswitch.conf(5); without it: files).
fill_certain() {
  fill_sources=files
  while read -r fill_database fill_rest; do
    case $fill_database in "$1:") fill_sources=$fill_rest; break ;; esac
  done 2>/dev/null </etc/nsswitch.conf
  for fill_source in $fill_sources; do
    case $fill_source in files | compat | systemd | \[*) ;; *) return 1 ;; esac
  done
}

# "KIND NAME" of what bundle $1 names and this host does not tell now.
fill_missing() {
  fill_look_up "$1"
  while read -r fill_set fill_kind fill_name; do
    [ "$fill_kind" = unit ] || continue
    unit_exists "$fill_name" || printf '%s %s\n' "$fill_kind" "$fill_name"
  done <"$scratch/fill-lines"
  awk '$4 == "-" { print $2, $3 }' "$scratch/names"
}

# The same as a JSON array. $2: how many sets bundle $1 fills (bundle_read); most fill none.
fill_unresolved() { if [ "$2" = 0 ]; then printf '[]'; else fill_missing "$1" 2>/dev/null | json_lines 1000 200; fi; }

# The kernel's number for $2 of kind $1 (user, group); nothing when there is none. A directory that does not answer is waited for 5 s.
fill_ids() {
  case $2 in *[!0-9]*) ;; *) printf '%s\n' "$2"; return ;; esac
  case $1 in user) fill_file=passwd ;; group) fill_file=group ;; *) return ;; esac
  if command -v getent >/dev/null 2>&1; then timeout -s KILL 5 getent "$fill_file" "$2"; else grep "^$2:" "/etc/$fill_file"; fi 2>/dev/null |
    awk -F: '$3 ~ /^[0-9]+$/ { print $3; exit }'
}

# Fills the sets of units of bundle $1, one by one and after the sets are there: a cgroup that goes away at that moment fails its transaction.
fill_units() {
  fill_lines "$1" | while read -r fill_set fill_kind fill_name; do
    [ "$fill_kind" != unit ] || fill_unit "$fill_set" "$fill_name"
  done
}

# Set $1 becomes the cgroup of unit $2 as it is now; nft turns the path into the number. Empty while the unit does not run. Never fails.
fill_unit() {
  {
    printf 'flush set inet firebreak %s\n' "$1"
    unit_cgroups "$2" | sed "s|.*|add element inet firebreak $1 { \"&\" }|"
  } | nft_ -f - 2>/dev/null || :
}

# Paths of cgroups of unit $1, at the depths that rules look at: system.slice/NAME, and system.slice/system-TEMPLATE.slice/NAME.
# All above a unit are slices, which only systemd makes. Deeper ones, and those below a unit that was given its own subtree (a container, a
# service with Delegate=), are named by whoever runs there, who must not be able to name theirs like a system's unit.
unit_cgroups() {
  cgroup_root=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
  [ -z "$cgroup_root" ] || find "$cgroup_root" -mindepth 2 -maxdepth 3 -type d -name "$1" 2>/dev/null | sed -n "s|^$cgroup_root/\(\([^/]*\.slice/\)\{1,\}[^/]*\)$|\1|p"
}

# Whether unit $1 is there, running or not; of an instance, its template.
unit_exists() {
  [ -z "$(unit_cgroups "$1")" ] || return 0
  case $1 in *@*) unit_template=${1%%@*}@.${1##*.} ;; *) unit_template=$1 ;; esac
  for unit_home in "$unit_dir" /run/systemd/system /run/systemd/transient /run/systemd/generator /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    if [ -e "$unit_home/$1" ] || [ -e "$unit_home/$unit_template" ]; then return 0; fi
  done
  return 1
}

# The bundle that runs: the pending one once it was loaded, else the confirmed one.
running_path() {
  if [ -f "$pending_dir/kernel-hash" ] && [ -f "$pending_dir/bundle.nft" ]; then echo "$pending_dir/bundle.nft"; else echo "$confirmed_path"; fi
}

# Asks again for the running bundle: accounts come, go and change their number. Never a reason to fail.
refill_sets() {
  grep -q '^# fill [ugc]_' "$(running_path)" 2>/dev/null || return 0
  [ "$(bundle_header "$(running_path)" hash 2>/dev/null)" = "$(state_get running_bundle)" ] || return 0
  fill_statements "$(running_path)" >"$scratch/fill"
  [ ! -s "$scratch/fill" ] || nft_ -f "$scratch/fill" >"$scratch/nft-error" 2>&1 || log "sets of accounts cannot be filled: $(nft_error)"
  fill_units "$(running_path)"
}
