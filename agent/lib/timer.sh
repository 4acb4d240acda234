# The rollback timer: independent of the SSH session, of the console and of this process.
# shellcheck shell=sh disable=SC2154,SC2034

# Set when this process was started by the timer: it must not end itself by disarming.
timer_fired=

# Arms the rollback of push $1 in $2 seconds and makes sure that it is armed; non-zero when it is not.
# --collect: a failed unit would block the next one. AccuracySec: the default of a minute fires up to that late (RELIABILITY.md section 8).
# A rollback that is killed is started again until it ends by itself; 5 says that the push no longer waits.
arm() {
  if has_systemd; then
    systemd-run --quiet --collect --unit="firebreak-rollback-$1" --description="Firebreak rollback of push $1" \
      --on-active="$2" --timer-property=AccuracySec=100ms \
      --property=Restart=on-failure --property=RestartSec=1 --property=StartLimitIntervalSec=0 --property=SuccessExitStatus=5 \
      --property=SyslogIdentifier=firebreak --property=StandardOutput=null \
      /bin/sh -c "$(undo_command "$1")" </dev/null >/dev/null 2>"$scratch/arm-error" 9>&- || return 1
    systemctl is-active --quiet "firebreak-rollback-$1.timer"
  else
    arm_sleeper "$1" "$2"
  fi
}

# For systemd, without a `$`, which it would replace. The second copy of the program does it when the first is gone or damaged; where nothing
# waits any more it ends with 5 as the first did. What the first says counts: cut off, it can end with 0.
undo_command() { printf '%s rollback --id %s --because timeout | grep -q pending.:null || exec /bin/sh %s rollback --id %s --because timeout' "$self" "$1" "$spare_dir/firebreak-agent" "$1"; }

# Without systemd: a process of its own session. sleep(1) counts on a monotonic clock.
arm_sleeper() {
  # shellcheck disable=SC2016 # for the inner shell
  setsid sh -c 'sleep "$1"; while :; do "$2" rollback --id "$3" --because timeout | grep -q pending.:null || sh "$4" rollback --id "$3" --because timeout; case $? in 0 | 5) exit ;; esac; sleep 1; done' \
    firebreak-sleeper "$2" "$self" "$1" "$spare_dir/firebreak-agent" </dev/null >/dev/null 2>&1 9>&- &
  sleeper_pid=$!
  sleeper_identity=$(proc_identity "$sleeper_pid")
  [ -n "$sleeper_identity" ] && printf '%s\n' "$sleeper_identity" >"$run_dir/sleeper"
}

# Stops the timer of push $1. Never fails: a timer that fires for a push that is no longer pending does nothing.
disarm() {
  if has_systemd; then systemctl stop "firebreak-rollback-$1.timer" 2>/dev/null; fi
  if [ -f "$run_dir/sleeper" ]; then
    sleeper_identity=$(cat "$run_dir/sleeper")
    if [ -z "$timer_fired" ] && [ "$(proc_identity "${sleeper_identity% *}")" = "$sleeper_identity" ]; then
      kill -TERM "-${sleeper_identity% *}" 2>/dev/null || kill -TERM "${sleeper_identity% *}" 2>/dev/null
    fi
    rm -f "$run_dir/sleeper"
  fi
  return 0
}
