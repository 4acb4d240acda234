# The systemd units.
# shellcheck shell=sh disable=SC2154,SC2034

unit_names='firebreak-boot.service firebreak-after-nftables.service firebreak-collect.service firebreak-collect.timer firebreak-verify.service firebreak-verify.timer'
# Links that `systemctl enable` makes.
unit_links='sysinit.target.wants/firebreak-boot.service sysinit.target.wants/firebreak-after-nftables.service nftables.service.wants/firebreak-after-nftables.service timers.target.wants/firebreak-collect.timer timers.target.wants/firebreak-verify.timer'

# Puts the units in place, enables them, starts the timers. Idempotent.
units_install() {
  has_systemd || { log 'no systemd: rules are not loaded at boot and snapshots are taken only when the console asks'; return 0; }
  for unit in $unit_names; do
    put_file "$unit_dir/$unit" <"$program_dir/units/$unit" && chmod 644 "$unit_dir/$unit" || return 1
  done
  systemctl daemon-reload &&
    systemctl enable --quiet firebreak-boot.service firebreak-after-nftables.service firebreak-collect.timer firebreak-verify.timer 2>"$scratch/unit-error" &&
    systemctl start firebreak-collect.timer firebreak-verify.timer || return 1
  # What a boot between an install that was cut and this one could not do is mended now.
  systemctl reset-failed firebreak-boot.service firebreak-after-nftables.service 2>/dev/null || :
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
    systemctl --quiet disable --now firebreak-collect.timer firebreak-verify.timer 2>/dev/null
    systemctl --quiet disable firebreak-boot.service firebreak-after-nftables.service 2>/dev/null
    systemctl stop firebreak-collect.service firebreak-verify.service firebreak-after-nftables.service 2>/dev/null
  fi
  dropins_prune
  for unit in $unit_names; do rm -f "$unit_dir/$unit" "$unit_dir/$unit.new"; done
  for link in $unit_links; do rm -f "$unit_dir/$link"; done
  rmdir "$unit_dir/nftables.service.wants" 2>/dev/null
  if has_systemd; then
    systemctl daemon-reload
    # A unit without a file still shows as active (RemainAfterExit) until it is stopped; it has no ExecStop.
    systemctl stop firebreak-boot.service 2>/dev/null
    systemctl reset-failed firebreak-boot.service firebreak-after-nftables.service firebreak-collect.service firebreak-verify.service 2>/dev/null
  fi
  return 0
}
