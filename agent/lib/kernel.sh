# Reading and changing the kernel's table. Only `table inet firebreak`, always with a time limit.
# shellcheck shell=sh disable=SC2154,SC2034

# nft with a deadline: a hung nft can stall neither the boot nor a rollback.
nft_() { timeout -s KILL "$nft_timeout_s" nft "$@"; }

# Whether our table is there. nft 1.0.6 reads every element of every set into memory for `list tables`, `list table` (with -t too), `list chain`
# and `list counter` (82 MB and 0.35 s with 65,000 flows), and none for `list chains` and `-t list ruleset` (10 MB, 5 ms).
table_loaded() { nft_ list chains inet 2>/dev/null | grep -q '^table inet firebreak {'; }

# Puts what nft prints for $2 … into file $1, in memory. Not into a pipe: nft writes word by word, and each would wake who reads.
nft_into() {
  into_path=$1
  shift
  nft_ "$@" >"$into_path" 2>/dev/null
}

# The table without the elements of sets and without counter values, as nft prints it.
table_text() {
  nft_into "$scratch/ruleset" -s -t list ruleset inet
  own_table <"$scratch/ruleset"
}

# Our table's block of the listing on stdin.
own_table() { sed -n '/^table inet firebreak {/,/^}$/p'; }

# Names of sets whose elements are policy, not recorded traffic. stdin: table_text.
static_sets() { awk -f "$lib_dir/static-sets.awk"; }

# sha256 over rules, chains, sets and elements of policy sets, sorted by object, so that the same bundle gives the same hash
# whatever was loaded before it. Recorded traffic and counter values do not change it. Nothing when the table is absent.
kernel_hash() {
  kernel_text >"$scratch/kernel-text"
  [ ! -s "$scratch/kernel-text" ] || file_hash "$scratch/kernel-text"
}

# What kernel_hash is made of: one line for each object. It stays in $scratch/kernel-text.
kernel_text() {
  table_text >"$scratch/table" || return 0
  [ -s "$scratch/table" ] || return 0
  static_sets <"$scratch/table" >"$scratch/set-names"
  set_texts >"$scratch/sets"
  awk -f "$lib_dir/blocks.awk" "$scratch/table" "$scratch/sets" | sort
}

# Listings of the sets named in $scratch/set-names, with their elements. One nft reads the commands line by line (-i): a process for each of 2,000 sets
# took half a minute, and with -f one nft finds only the last set (1.0.6 caches no other). HOME: -i leaves a history file there.
# Where nft has no -i, or does not print every set, each is asked for on its own.
set_texts() {
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
