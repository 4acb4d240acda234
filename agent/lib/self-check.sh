# `self-check`: whether this program, installed or only unpacked, can do on this host what it is for. Asked by an upgrade before it switches.
# Changes nothing: it boots into the confirmed rules in namespaces of its own, over a copy of the state.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_self_check() {
  [ $# -eq 0 ] || fail 2 USAGE 'self-check takes no arguments'
  require_root_and_tools
  make_scratch
  files_sound "$home_dir" || fail 1 SELF_CHECK_FAILED "files in $home_dir are not what MANIFEST says"
  self_check_bundles
  print_status >"$scratch/self-status"
  grep -q '^{"v":1,.*}$' "$scratch/self-status" || fail 1 SELF_CHECK_FAILED 'status does not answer'
  self_rehearsed=
  self_check_boot
  json_object n:v 1 b:ok true b:rehearsed "$self_rehearsed"
}

# Every rung of the ladder that is whole must be one that this program would load. A file that is damaged already is no reason to stay with the former program.
self_check_bundles() {
  for rung in "$confirmed_path" "$previous_path" "$failsafe_path"; do
    { [ -f "$rung" ] && [ "$(bundle_body_hash "$rung")" = "$(bundle_header "$rung" hash)" ]; } || continue
    rung_fault=$(bundle_fault "$rung")
    [ -z "$rung_fault" ] || fail 1 SELF_CHECK_FAILED "${rung##*/}: $rung_fault"
    nft_ -c -f "$rung" >"$scratch/nft-error" 2>&1 || restore_anew_check "$rung" || fail 1 SELF_CHECK_FAILED "${rung##*/}: $(nft_error)"
  done
}

# Boots this program in a network of its own, and compares what it loads with what the host runs. Left out where a host allows no namespaces.
self_check_boot() {
  { [ -f "$confirmed_path" ] && [ -z "$(bundle_fault "$confirmed_path")" ] && unshare -m -n true 2>/dev/null; } || return 0
  self_copy_state || fail 7 RUN_DIR_NOT_WRITABLE "$scratch"
  unshare -m -n sh -c "$rehearsal" firebreak-rehearsal "$scratch/rehearsal" "$state_dir" "$run_dir" "$self" "$config_dir" "$unit_dir" >"$scratch/rehearsed" 2>"$scratch/rehearsal-error" 9>&- ||
    fail 1 SELF_CHECK_FAILED "a boot with it fails: $(one_line "$(tail -n 3 "$scratch/rehearsal-error")" 400)"
  grep -q '"loaded":"confirmed.nft"' "$scratch/rehearsed" || fail 1 SELF_CHECK_FAILED 'a boot with it does not load the confirmed rules'
  self_hash=$(kernel_hash)
  # Rules that somebody changed are what verify is for.
  if [ -n "$self_hash" ] && [ "$self_hash" = "$(state_get confirmed_kernel_hash)" ]; then
    grep -qF "\"kernelHash\":\"$self_hash\"" "$scratch/rehearsed" || fail 1 SELF_CHECK_FAILED 'a boot with it loads other rules than those that run'
  fi
  self_rehearsed=true
}

self_copy_state() {
  mkdir "$scratch/rehearsal" || return 1
  for path in "$confirmed_path" "$previous_path" "$failsafe_path" "$observe_path" "$state_path" "$seq_path"; do
    [ ! -f "$path" ] || cp "$path" "$scratch/rehearsal/" || return 1
  done
  # What the boot would load.
  if confirmed_was_replaced; then cp "$confirmed_copy_path" "$scratch/rehearsal/confirmed.nft"; fi
}

# $1: the copy of the state, $2: where it lies for real, $3: the run folder, $4: the program. Without systemd, so that no unit hears of it, without a log,
# and with nothing in $5 and $6, the folders of the config and of the units: a boot puts second copies right and removes drop-ins.
# -n: mount(8) would leave a folder /run/mount.
# shellcheck disable=SC2016 # for the inner shell
rehearsal='mount -n --make-rprivate / && mount -n --bind "$1" "$2" && mount -n -t tmpfs none "$3" || exit 1
for hidden in /run/systemd "$5" "$6"; do [ ! -d "$hidden" ] || mount -n -t tmpfs none "$hidden" || exit 1; done
[ ! -S /dev/log ] || mount -n --bind /dev/null /dev/log || exit 1
sh "$4" boot && sh "$4" status'
