# What the host was before the first install: for `uninstall --rules restore`, and to say what others changed meanwhile.
# shellcheck shell=sh disable=SC2154,SC2034

before_dir=$state_dir/before
# Folders that the agent makes where they are missing, deepest first.
before_folders="/usr/local/lib /usr/local/sbin /usr/local $unit_dir/sysinit.target.wants $unit_dir/timers.target.wants $unit_dir/nftables.service.wants $unit_dir"

# One line "FAMILY NAME<tab>SHA256" for each table that is not ours, as nft prints it without counters and elements.
foreign_tables() {
  nft_ list tables 2>/dev/null | sed -n 's/^table \(.*\)$/\1/p' | grep -vx 'inet firebreak\(_witness\)\{0,1\}' | while read -r family table; do
    printf '%s %s\t%s\n' "$family" "$table" "$(nft_ -s -t list table "$family" "$table" 2>/dev/null </dev/null | sha256sum | cut -d ' ' -f 1)"
  done
}

# Records it once; before anything else is written. Non-zero when it cannot be kept.
before_record() {
  if [ -d "$before_dir" ]; then return 0; fi
  for folder in $before_folders; do [ -d "$folder" ] || echo "$folder"; done >"$scratch/before-missing"
  foreign_tables >"$scratch/before-tables"
  : >"$scratch/before-table"
  if table_loaded; then nft_ -s list table inet firebreak >"$scratch/before-table" 2>/dev/null; fi
  mkdir -p "$state_dir" && chmod 700 "$state_dir" && rm -rf "$before_dir.new" && mkdir "$before_dir.new" 2>/dev/null &&
    cat "$scratch/before-missing" >"$before_dir.new/missing-folders" 2>/dev/null && cat "$scratch/before-tables" >"$before_dir.new/tables" 2>/dev/null &&
    cat "$scratch/before-table" >"$before_dir.new/table.nft" 2>/dev/null && sync_paths "$before_dir.new"/* && mv "$before_dir.new" "$before_dir" && return 0
  rm -rf "$before_dir.new"
  return 1
}

# Keeps in memory what the end of an uninstall still needs when the state is gone.
before_remember() {
  before_known=
  if [ -d "$before_dir" ]; then before_known=true; fi
  for name in missing-folders tables table.nft; do cat "$before_dir/$name" 2>/dev/null >"$scratch/before-$name"; done
}

# Removes the folders that were not there and hold nothing of others.
before_remove_folders() {
  while read -r folder; do rmdir "$folder" 2>/dev/null; done <"$scratch/before-missing-folders"
  return 0
}

# Loads the table of our name that was there before us. Non-zero when nft refuses it; true where there was none.
before_restore_table() {
  [ -s "$scratch/before-table.nft" ] || return 0
  nft_ -f "$scratch/before-table.nft" >"$scratch/nft-error" 2>&1
}

# Names of foreign tables that are not as they were at the install, made and removed ones included. Nothing without a record.
before_changed_tables() {
  [ -n "$before_known" ] || return 0
  foreign_tables | cat - "$scratch/before-tables" | sort | uniq -u | cut -f 1 | sort -u
}
