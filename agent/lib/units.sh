# The systemd units.
# shellcheck shell=sh disable=SC2154,SC2034

unit_names='firebreak-boot.service firebreak-after-nftables.service firebreak-collect.service firebreak-collect.timer'

# Puts the units in place, enables both, starts the timer. Idempotent.
units_install() {
  has_systemd || { log 'no systemd: rules are not loaded at boot and snapshots are taken only when the console asks'; return 0; }
  for unit in $unit_names; do
    put_file "$unit_dir/$unit" <"$program_dir/units/$unit" && chmod 644 "$unit_dir/$unit" || return 1
  done
  systemctl daemon-reload &&
    systemctl enable --quiet firebreak-boot.service firebreak-after-nftables.service firebreak-collect.timer 2>"$scratch/unit-error" &&
    systemctl start firebreak-collect.timer
}

# Runs the boot unit once: only an active unit is reloaded together with nftables.service, which flushes everything then.
# It loads what runs already, and needs the lock.
units_mark_booted() {
  has_systemd || return 0
  exec 9>&-
  systemctl start firebreak-boot.service || log 'firebreak-boot.service did not start'
}

# Takes the units away. Idempotent, never fails.
units_remove() {
  if has_systemd; then
    systemctl --quiet disable --now firebreak-collect.timer 2>/dev/null
    systemctl --quiet disable firebreak-boot.service firebreak-after-nftables.service 2>/dev/null
    systemctl stop firebreak-collect.service firebreak-after-nftables.service 2>/dev/null
  fi
  dropins_prune
  for unit in $unit_names; do rm -f "$unit_dir/$unit" "$unit_dir/$unit.new"; done
  rm -f "$unit_dir/timers.target.wants/firebreak-collect.timer" "$unit_dir/sysinit.target.wants/firebreak-boot.service" "$unit_dir/nftables.service.wants/firebreak-after-nftables.service"
  rmdir "$unit_dir/nftables.service.wants" 2>/dev/null
  if has_systemd; then
    systemctl daemon-reload
    # A unit without a file still shows as active (RemainAfterExit) until it is stopped; it has no ExecStop.
    systemctl stop firebreak-boot.service 2>/dev/null
    systemctl reset-failed firebreak-boot.service firebreak-after-nftables.service firebreak-collect.service 2>/dev/null
  fi
  return 0
}
