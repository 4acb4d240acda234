# The program's files: verified against MANIFEST, put in place one by one by rename.
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
}

# Copies the program from folder $1. A rollback that fires meanwhile finds every file at any time, old or new.
files_install() {
  mkdir -p "$program_dir/lib" "$program_dir/units" "$config_dir" "$state_dir" "$spool_dir" "${program_link%/*}" || return 1
  chmod 700 "$program_dir" "$program_dir/lib" "$program_dir/units" "$config_dir" "$state_dir" "$spool_dir"
  for path in $(manifest_paths "$1"); do
    put_file "$program_dir/$path" <"$1/$path" || return 1
  done
  chmod 700 "$program_dir/firebreak-agent" && ln -sfn "$program_dir/firebreak-agent" "$program_link" || return 1
  (cd "$program_dir" && sha256sum -c MANIFEST) >/dev/null 2>&1 || return 1
  files_forget_former
}

# Removes files of a former version that MANIFEST does not name.
files_forget_former() {
  manifest_paths "$program_dir" >"$scratch/files-named"
  (cd "$program_dir" && find . -type f) | sed 's|^\./||' | lines_missing_in "$scratch/files-named" | while read -r path; do rm -f "$program_dir/$path"; done
}

# Takes everything away that the agent ever put on the host, but the table and units. Never fails.
files_remove() {
  rm -rf "$program_dir" "$config_dir" "$state_dir"
  rm -f "$program_link"
}
