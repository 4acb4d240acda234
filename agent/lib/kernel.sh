# Reading and changing the kernel's table. Only `table inet firebreak`, always with a time limit.
# shellcheck shell=sh disable=SC2154,SC2034

# nft with a deadline: a hung nft can stall neither the boot nor a rollback.
nft_() { timeout -s KILL "$nft_timeout_s" nft "$@"; }

# Whether our table is there.
table_loaded() { nft_ list tables inet 2>/dev/null | grep -qx "table inet firebreak"; }

# The table without the elements of sets and without counter values, as nft prints it.
table_text() { nft_ -s -t list table inet firebreak 2>/dev/null; }

# Names of sets whose elements are policy, not recorded traffic. stdin: table_text.
static_sets() { awk -f "$lib_dir/static-sets.awk"; }

# sha256 over rules, chains, sets and elements of policy sets, sorted by object, so that the same bundle gives the same hash
# whatever was loaded before it. Recorded traffic and counter values do not change it. Nothing when the table is absent.
kernel_hash() {
  table_text >"$scratch/table" || return 0
  [ -s "$scratch/table" ] || return 0
  static_sets <"$scratch/table" | set_texts >"$scratch/sets"
  cat "$scratch/table" "$scratch/sets" | awk -f "$lib_dir/blocks.awk" | sort | sha256sum | cut -d ' ' -f 1
}

# Listings of the sets named on stdin, with their elements. One nft reads the commands line by line (-i): a process for each of 2,000 sets
# took half a minute, and with -f one nft finds only the last set (1.0.6 caches no other). HOME: -i leaves a history file there.
# Where nft has no -i, or does not print every set, each is asked for on its own.
set_texts() {
  cat >"$scratch/set-names"
  [ -s "$scratch/set-names" ] || return 0
  sed 's/^/list set inet firebreak /' "$scratch/set-names" >"$scratch/set-commands"
  HOME=$scratch nft_ -s -i <"$scratch/set-commands" >"$scratch/set-texts" 2>/dev/null
  if sed -n 's/^\t\(set\|map\) \([A-Za-z0-9_]*\) {$/\2/p' "$scratch/set-texts" | cmp -s - "$scratch/set-names"; then
    cat "$scratch/set-texts"
    return
  fi
  while read -r set_name; do
    nft_ -s list set inet firebreak "$set_name" 2>/dev/null </dev/null || printf 'unreadable %s\n' "$set_name"
  done <"$scratch/set-names"
}

# "KIND NAME" of every object in the table. stdin: table_text.
kernel_objects() { sed -n 's/^\t\([a-z]*\) \([A-Za-z0-9_]*\) {.*$/\1 \2/p'; }
