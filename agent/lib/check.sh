# `check`: would this bundle load? Nothing changes.
# shellcheck shell=sh disable=SC2154,SC2034

cmd_check() {
  [ $# -eq 0 ] || fail 2 USAGE 'check takes the bundle on stdin and no arguments'
  require_root_and_tools
  make_scratch
  bundle_receive "$scratch/bundle.nft"
  require_trusted_bundle "$scratch/bundle.nft"
  bundle_judge "$scratch/bundle.nft"
  check_fault=$b_fault
  if [ -z "$check_fault" ]; then
    nft_ -c -f "$scratch/bundle.nft" >"$scratch/nft-error" 2>&1 || check_fault=$(nft_error)
  fi
  if [ -z "$check_fault" ]; then json_object n:v 1 b:ok true r:unresolved "$(fill_unresolved "$scratch/bundle.nft" "$b_fills")"; else json_object n:v 1 b:ok false s:error "$check_fault"; fi
}
