#!/bin/sh
# The collector for sites without a network: writes one bundle about this host to the stick that it was carried in on. It installs nothing, changes nothing and leaves nothing.
# usage: sh firebreak-collect [--out DIR]   (on the stick; agent/collect/README.md). Runs under dash, bash and busybox sh.
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

# Loads parts of the agent, as its own program does.
need() {
  for part in "$@"; do
    # shellcheck source=/dev/null
    . "$lib_dir/$part.sh" || exit 2
  done
}
need env json fail kernel facts-system facts-cron facts-network facts-sockets facts sessions
for part in stick seal pack-bundle gather; do
  # shellcheck source=/dev/null
  . "$collect_dir/lib/$part.sh" || exit 2
done

tool_name=firebreak-collect
out_dir=$stick_dir/collected
while [ $# -gt 0 ]; do
  case $1 in
    --out) [ $# -ge 2 ] || stop 2 '--out needs a folder'; out_dir=$2; shift ;;
    *) stop 2 "it does not know $1; usage: sh firebreak-collect [--out DIR]" ;;
  esac
  shift
done
require_stick_tools
make_stick_scratch
find_seal
gather_host
write_bundle collection "$out_dir"
say_absences
printf 'Wrote %s (%s).\nCarry it to the console: firebreak bundle import FOLDER\n' "$bundle_path" "$(describe_seal)"
