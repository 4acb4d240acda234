# The spool: one gzip file for each hour, epoch and bundle, named SEQ.HOUR.EPOCH.BUNDLE.gz; the latest of them wins.
# shellcheck shell=sh disable=SC2154,SC2034

# Sets file_seq to the number in the name of spool file $1, 0 where it has none.
spool_file_seq() {
  file_seq=${1##*/}
  file_seq=${file_seq%%.*}
  case $file_seq in '' | *[!0-9]* | ????????????????*) file_seq=0 ;; esac
  file_seq=${file_seq#"${file_seq%%[!0]*}"}
  file_seq=${file_seq:-0}
}

# Sets last_seq to the number of the last snapshot. A fresh host begins at its clock ($1, asked if absent), so that numbers rise even
# across uninstall and install.
find_last_seq() {
  last_seq=''
  { read -r last_seq <"$seq_path"; } 2>/dev/null
  case $last_seq in *[!0-9]* | 0?* | ????????????????*) last_seq='' ;; esac
  for file in "$spool_dir"/*.gz; do
    spool_file_seq "$file"
    [ "$file_seq" -le "${last_seq:-0}" ] || last_seq=$file_seq
  done
  last_seq=${last_seq:-${1:-$(clock_s)}}
}

# Takes one snapshot into the spool; sets last_seq to its number. Non-zero when it could not be kept, with the former one intact.
spool_snapshot() {
  [ -d "$spool_dir" ] || mkdir -p "$spool_dir" || return 1
  for file in "$spool_dir"/*.new; do [ ! -e "$file" ] || rm -f "$file"; done
  spool_at=$(clock_s)
  find_last_seq "$spool_at"
  spool_epoch=$(state_get epoch) spool_bundle=$(state_get running_bundle)
  spool_key=$((spool_at / 3600)).$(printf '%.8s.%.12s' "$spool_epoch" "$spool_bundle")
  spool_name=$(printf '%012d' "$((last_seq + 1))").$spool_key.gz
  if ! snapshot_into 'gzip -1' "$spool_dir/$spool_name.new" "$((last_seq + 1))" "$spool_at" || ! sync_paths "$spool_dir/$spool_name.new" ||
    ! mv "$spool_dir/$spool_name.new" "$spool_dir/$spool_name"; then
    rm -f "$spool_dir/$spool_name.new"
    return 1
  fi
  last_seq=$((last_seq + 1))
  # Not synced: the names of the spool say the same.
  { echo "$last_seq" >"$seq_path"; } 2>/dev/null
  sync_paths "$spool_dir"
  for older in "$spool_dir"/*."$spool_key.gz"; do
    [ "$older" = "$spool_dir/$spool_name" ] || rm -f "$older"
  done
  spool_trim
}

# Keeps the newest 720 hours that have a snapshot and 256 MB. By number, not by clock: a clock that jumps ten years deletes nothing.
spool_trim() {
  # shellcheck disable=SC2012 # file names are ours
  ls -lnr "$spool_dir" | awk -v max_bytes="$spool_max_bytes" -v max_hours="$spool_max_hours" -v max_files="$spool_max_files" '
    /^-/ && $NF ~ /^[0-9]+\.[0-9]+\./ {
      split($NF, f, ".")
      bytes += $5; files++
      if (!(f[2] in hour)) { hour[f[2]] = 1; hours++ }
      if (bytes > max_bytes || hours > max_hours || files > max_files) print $NF
    }' | while read -r name; do rm -f "$spool_dir/$name"; done
}
