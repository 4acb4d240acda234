# Loading a bundle into the kernel.
# shellcheck shell=sh disable=SC2154,SC2034

# Loads bundle $1 in two transactions: what it declares, then the swap together with the removal of everything in the table that it
# does not declare (sets of the policy before, and whatever somebody else added). Two, because a set with intervals that is made and
# used in one transaction is looked up while still empty (NFTABLES.md section 0.1). Returns non-zero with words in $scratch/nft-error;
# then phase 1 may have left sets that nothing refers to, which the next load removes.
load_bundle() {
  load_epoch
  load_fills=$(bundle_split "$1")
  nft_ -f "$scratch/phase1" >"$scratch/nft-error" 2>&1 || return 1
  if [ "$load_fills" != 0 ]; then
    # Not in the same file: nft 0.9.8 crashes over elements of a set that the file itself adds to a table.
    fill_statements "$1" >"$scratch/fill"
    [ ! -s "$scratch/fill" ] || nft_ -f "$scratch/fill" >"$scratch/nft-error" 2>&1 || return 1
    dropins_add "$1" || return 1
    fill_units "$1"
  fi
  nft_into "$scratch/ruleset" -s -t list ruleset inet
  awk -v declared="$scratch/declared" -f "$lib_dir/removals.awk" "$scratch/ruleset" >>"$scratch/phase2"
  nft_ -f "$scratch/phase2" >"$scratch/nft-error" 2>&1 || load_phases_together || return 1
  # Again: a unit that started meanwhile did not find the drop-in, or not the set.
  [ "$load_fills" = 0 ] || fill_units "$1"
  dropins_prune "$1"
}

# nft 0.9.8 does not ask the kernel for its sets when a file begins with a flush, and then misses them. With the declarations before it,
# which change nothing any more, it knows them.
load_phases_together() {
  cat "$scratch/phase1" "$scratch/phase2" >"$scratch/phases"
  nft_ -f "$scratch/phases" >"$scratch/nft-error" 2>&1
}

# The same result with no memory of what was there: the table goes and comes back in one transaction. Counters are lost and a packet
# may be judged by an empty set meanwhile, so this is only for a table that the two phases cannot repair.
load_bundle_anew() {
  state_epoch_next=$(new_epoch)
  fill_statements "$1" >"$scratch/fill"
  { printf 'table %s\ndelete table %s\n' "inet firebreak" "inet firebreak"; cat "$1" "$scratch/fill"; } >"$scratch/anew"
  nft_ -f "$scratch/anew" >"$scratch/nft-error" 2>&1 || load_anew_then_fill "$1" || return 1
  dropins_add "$1" || log "$(nft_error)"
  fill_units "$1"
}

# For nft 0.9.8, which crashes over elements of a set that the same file makes (load_bundle).
load_anew_then_fill() {
  [ -s "$scratch/fill" ] && restore_anew_check "$1" && nft_ -f "$scratch/anew" >"$scratch/nft-error" 2>&1 && nft_ -f "$scratch/fill" >"$scratch/nft-error" 2>&1
}

# Decides which epoch holds after a load: the one before while the recording sets live on, a new one when they are made anew. Asked for is
# a set that every host has: one without control groups has no in4.
load_epoch() {
  state_epoch_next=$(state_get epoch)
  if [ -z "$state_epoch_next" ] || ! nft_ -t list set inet firebreak in4x >/dev/null 2>&1; then state_epoch_next=$(new_epoch); fi
}

new_epoch() { { read -r new_uuid </proc/sys/kernel/random/uuid && echo "$new_uuid"; } 2>/dev/null; }

# Records in the state that bundle $1 runs. $2: the kernel hash to expect from now on; $3: one more KEY=VALUE.
state_running() {
  bundle_read "$1"
  state_set ${3:+"$3"} "running_bundle=$b_hash" "running_mode=$b_mode" "running_policy=$b_policy" \
    "kernel_hash=$2" "epoch=$state_epoch_next" "running_boot=$boot_id"
}
