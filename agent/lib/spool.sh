# The spool: one gzip file for each hour, epoch and bundle, named SEQ.HOUR.EPOCH.BUNDLE.gz; the latest of them wins.
# shellcheck shell=sh disable=SC2154,SC2034

# The number of the last snapshot. A fresh host begins at its clock, so that numbers rise even across uninstall and install.
last_seq() {
  seq_known=$(sed -n '1s/^\([0-9][0-9]*\)$/\1/p' "$seq_path" 2>/dev/null)
  # shellcheck disable=SC2012 # file names are ours
  seq_spooled=$(ls "$spool_dir" 2>/dev/null | sed -n 's/^0*\([1-9][0-9]*\)\..*\.gz$/\1/p' | sort -n | tail -n 1)
  if [ -z "$seq_known$seq_spooled" ]; then clock_s; elif [ "${seq_known:-0}" -gt "${seq_spooled:-0}" ]; then echo "$seq_known"; else echo "$seq_spooled"; fi
}

# Takes one snapshot into the spool; sets spool_seq. Non-zero when it could not be kept, with the former one intact.
spool_snapshot() {
  mkdir -p "$spool_dir" || return 1
  rm -f "$spool_dir"/*.new
  spool_seq=$(($(last_seq) + 1))
  spool_key=$(($(clock_s) / 3600)).$(state_get epoch | cut -c 1-8).$(state_get running_bundle | cut -c 1-12)
  spool_name=$(printf '%012d' "$spool_seq").$spool_key.gz
  snapshot "$spool_seq" | gzip -1 >"$spool_dir/$spool_name.new" 2>/dev/null
  if ! spool_complete "$spool_dir/$spool_name.new" || ! sync_paths "$spool_dir/$spool_name.new" || ! echo "$spool_seq" | put_file "$seq_path" ||
    ! mv "$spool_dir/$spool_name.new" "$spool_dir/$spool_name"; then
    rm -f "$spool_dir/$spool_name.new"
    return 1
  fi
  sync_paths "$spool_dir"
  for older in "$spool_dir"/*."$spool_key.gz"; do
    [ "$older" = "$spool_dir/$spool_name" ] || rm -f "$older"
  done
  spool_trim
}

# Whether file $1 is whole: gzip's own check and the closing braces, which are printed last.
spool_complete() { [ "$(gzip -dc "$1" 2>/dev/null | tail -c 3)" = '}}' ] && gzip -t "$1" 2>/dev/null; }

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
