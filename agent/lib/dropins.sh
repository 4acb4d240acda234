# Units that rules name: a cgroup is another one after each start, so the unit itself tells us, through a drop-in, before it opens a socket.
# shellcheck shell=sh disable=SC2154,SC2034

dropin_name=50-firebreak.conf

dropin_text() {
  printf '# Of Firebreak, for rules that name this unit; goes with them.\n[Service]\nExecStartPre=+-%s/firebreak-agent unit-started %%n\n' "$program_dir"
}

# Names of the units of bundle $1, one a line.
bundle_units() { fill_lines "$1" | sed -n 's/^[^ ]* unit //p' | sort -u; }

# Puts a drop-in beside every unit that bundle $1 names; dropins_changed has those that were not there, a space before each. Non-zero, with words in $scratch/nft-error, when one cannot be written.
dropins_add() {
  dropins_changed=
  for unit in $(bundle_units "$1"); do
    has_systemd || break
    dropin_path=$unit_dir/$unit.d/$dropin_name
    dropin_text >"$scratch/dropin"
    cmp -s "$scratch/dropin" "$dropin_path" && continue
    if ! mkdir -p "$unit_dir/$unit.d" 2>"$scratch/nft-error" || ! put_file "$dropin_path" <"$scratch/dropin"; then
      echo "$dropin_path cannot be written" >>"$scratch/nft-error"
      return 1
    fi
    chmod 755 "$unit_dir/$unit.d" && chmod 644 "$dropin_path"
    dropins_changed="$dropins_changed $unit.d/$dropin_name;"
  done
  [ -z "$dropins_changed" ] || timeout -s KILL 30 systemctl daemon-reload || log 'systemd does not reload: drop-ins of units are not seen yet'
}

# Removes the drop-ins of units that bundle $1 does not name; without a bundle, all. Never fails.
dropins_prune() {
  dropins_changed='' dropins_named=
  for dropin_path in "$unit_dir"/*.d/"$dropin_name"; do
    [ -f "$dropin_path" ] || continue
    [ -n "$dropins_named" ] || { if [ $# -eq 1 ]; then bundle_units "$1"; fi >"$scratch/units-named" 2>/dev/null; dropins_named=yes; }
    dropin_unit=${dropin_path%/*}
    dropin_unit=${dropin_unit##*/}
    grep -qxF "${dropin_unit%.d}" "$scratch/units-named" && continue
    rm -f "$dropin_path" "$dropin_path.new"
    rmdir "${dropin_path%/*}" 2>/dev/null
    dropins_changed=yes
  done
  [ -z "$dropins_changed" ] || ! has_systemd || timeout -s KILL 30 systemctl daemon-reload || log 'systemd does not reload'
  return 0
}
