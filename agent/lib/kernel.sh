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
  for set_name in $(static_sets <"$scratch/table"); do
    nft_ -s list set inet firebreak "$set_name" || printf 'unreadable %s\n' "$set_name"
  done >"$scratch/sets" 2>/dev/null
  cat "$scratch/table" "$scratch/sets" | awk -f "$lib_dir/blocks.awk" | sort | sha256sum | cut -d ' ' -f 1
}

# "KIND NAME" of every object in the table. stdin: table_text.
kernel_objects() { sed -n 's/^\t\([a-z]*\) \([A-Za-z0-9_]*\) {.*$/\1 \2/p'; }
