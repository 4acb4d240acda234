#!/bin/sh
# Applies the signed policy that was carried here for this very machine, at its own keyboard: installs the agent from the stick where it is missing, loads with the rollback armed,
# asks for the confirmation, and writes a receipt to carry back. usage: sh firebreak-apply [--confirm-within SECONDS] | --receipt
# shellcheck disable=SC2154,SC2034
set -u
umask 077
TZ=UTC LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin
export TZ LC_ALL PATH
unset IFS CDPATH ENV BASH_ENV POSIXLY_CORRECT

self=$(readlink -f "$0") || exit 2
collect_dir=${self%/*}
home_dir=${collect_dir%/*}
lib_dir=$home_dir/lib
stick_dir=${home_dir%/*}
for part in env json; do
  # shellcheck source=/dev/null
  . "$lib_dir/$part.sh" || exit 2
done
for part in stick seal pack-bundle order; do
  # shellcheck source=/dev/null
  . "$collect_dir/lib/$part.sh" || exit 2
done

tool_name=firebreak-apply
receipt_only='' confirm_within_s=300
while [ $# -gt 0 ]; do
  case $1 in
    --confirm-within) [ $# -ge 2 ] || stop 2 '--confirm-within needs a number of seconds'; confirm_within_s=$2; shift ;;
    --receipt) receipt_only=yes ;;
    *) stop 2 "it does not know $1; usage: sh firebreak-apply [--confirm-within SECONDS] | --receipt" ;;
  esac
  shift
done
case $confirm_within_s in '' | *[!0-9]* | 0* | ?????*) stop 2 '--confirm-within is a number of seconds, such as 300' ;; esac
is_root || stop 6 'it must be run as root'
require_stick_tools
make_stick_scratch
find_seal
find_order
if [ -z "$receipt_only" ]; then
  ensure_agent
  apply_order
fi
write_receipt
printf 'Wrote %s (%s).\nCarry it to the console: firebreak bundle receipt FILE\n' "$bundle_path" "$(describe_seal)"
[ "$order_outcome" != kept-former ] || exit 1
