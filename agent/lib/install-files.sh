# The program's files: verified against MANIFEST, and put in place whole. $program_dir is a link to one of two folders beside it, `.a` and `.b`;
# a new program is written to the one that is not in use, and the link is changed by one rename. Who runs the former program goes on with whole files.
# shellcheck shell=sh disable=SC2154,SC2034

# Refuses when a file of folder $1 is not what MANIFEST says, or is not in it.
require_manifest() {
  [ -f "$1/MANIFEST" ] || fail 3 MANIFEST_REFUSED 'MANIFEST is missing'
  grep -qv '^[0-9a-f]\{64\}  [A-Za-z0-9][A-Za-z0-9._/-]*$' "$1/MANIFEST" && fail 3 MANIFEST_REFUSED 'MANIFEST has a line that is not one of sha256sum'
  grep -q '\.\.' "$1/MANIFEST" && fail 3 MANIFEST_REFUSED 'MANIFEST names a path outside'
  grep -q '  firebreak-agent$' "$1/MANIFEST" || fail 3 MANIFEST_REFUSED 'MANIFEST does not name firebreak-agent'
  (cd "$1" && sha256sum -c MANIFEST) >"$scratch/manifest" 2>&1 || fail 3 MANIFEST_REFUSED "$(grep -v ': OK$' "$scratch/manifest" | head -c 500)"
}

# Paths that MANIFEST of folder $1 names, and itself.
manifest_paths() {
  sed 's/^[0-9a-f]*  //' "$1/MANIFEST"
  echo MANIFEST
  if [ -f "$1/MANIFEST.sig" ]; then echo MANIFEST.sig; fi
}

# Whether folder $1 holds every file that its MANIFEST names, unchanged. (It says nothing about MANIFEST itself.)
files_sound() { (cd "$1" && sha256sum -c MANIFEST) >/dev/null 2>&1; }

# The folder that is in use, or nothing.
slot_used() {
  case $(readlink "$program_dir") in "${program_dir##*/}.a") echo "$program_dir.a" ;; "${program_dir##*/}.b") echo "$program_dir.b" ;; esac
}

slot_free() { if [ "$(slot_used)" = "$program_dir.a" ]; then echo "$program_dir.b"; else echo "$program_dir.a"; fi; }

# Replaces folder $2 by a copy of what MANIFEST of folder $1 names. Every file is synced by itself: syncing a folder brings its names to the
# disk, not what is in the files, and a power cut then leaves a program of empty ones.
copy_program() {
  rm -rf "$2.new"
  mkdir -p "$2.new/lib" "$2.new/units" 2>/dev/null || return 1
  for path in $(manifest_paths "$1"); do
    cat "$1/$path" >"$2.new/$path" 2>/dev/null || { rm -rf "$2.new"; return 1; }
  done
  # shellcheck disable=SC2046 # names are ours, one word each
  if chmod 700 "$2.new" "$2.new/lib" "$2.new/units" "$2.new/firebreak-agent" && sync_paths $(find "$2.new") && files_sound "$2.new"; then
    rm -rf "$2"
    mv "$2.new" "$2" && sync_paths "${2%/*}" && return 0
  fi
  rm -rf "$2.new"
  return 1
}

# Makes $2 a link to $1 by one rename; where mv(1) has no -T, in two steps.
link_put() {
  rm -f "$2.new"
  ln -s "$1" "$2.new" || return 1
  if ! mv -fT "$2.new" "$2" 2>/dev/null; then
    rm -f "$2.new"
    ln -sfn "$1" "$2" || return 1
  fi
  sync_paths "${2%/*}"
}

# Puts folder $1 in use. The second link, for people, never changes.
slot_use() {
  link_put "${1##*/}" "$program_dir" || return 1
  [ "$(readlink "$program_link")" = "$program_dir/firebreak-agent" ] || link_put "$program_dir/firebreak-agent" "$program_link"
}

# A host of before there were slots: its folder becomes one. The second copy does the work of the moment in between.
slot_migrate() {
  { [ -d "$program_dir" ] && [ ! -L "$program_dir" ]; } || return 0
  rm -rf "$program_dir.a"
  mv "$program_dir" "$program_dir.a" && link_put "${program_dir##*/}.a" "$program_dir"
}

# Copies the program from folder $1 to the free slot; `slot_staged` is that. The one in use stays as it is.
slot_stage() {
  mkdir -p "${program_dir%/*}" "${program_link%/*}" 2>/dev/null && slot_migrate || return 1
  slot_staged=$(slot_free)
  copy_program "$1" "$slot_staged"
}

# Puts the program of folder $1 in place whole, by way of the free slot.
program_put() { slot_stage "$1" && slot_use "$slot_staged"; }

# Makes the second, runnable copy, from which `verify` mends the first, that of folder $1, and remembers its MANIFEST.
spare_put() { copy_program "$1" "$spare_dir" && state_set "manifest=$(sha256sum <"$1/MANIFEST" | cut -d ' ' -f 1)"; }

# Takes everything away that the agent ever put on the host, but the table, the units and what is left on purpose. Never fails.
files_remove() {
  rm -f "$program_link" "$program_link.new" "$program_dir.new"
  rm -rf "$program_dir" "$program_dir".[ab] "$program_dir".[ab].new "$state_dir"
  for path in "$config_dir"/*; do
    case $path in "$left_rules_path" | "$left_names_path") ;; *) rm -rf "$path" ;; esac
  done
  rmdir "$config_dir" 2>/dev/null
  removal_settle
  return 0
}

# What was removed must not be back after a power cut: the host would boot into rules that everybody was told are gone.
removal_settle() {
  set --
  for folder in "$unit_dir" "$unit_dir"/*.wants "${config_dir%/*}" "$config_dir" "${state_dir%/*}" "${program_dir%/*}" "${program_link%/*}"; do
    if [ -d "$folder" ]; then set -- "$@" "$folder"; fi
  done
  sync_paths "$@"
}
