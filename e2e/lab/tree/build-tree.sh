#!/bin/sh
# Builds the root tree that all hosts of the lab share, in a mount and PID namespace of its own
# (the caller unshares), so that a killed build leaves no mount behind.
#
# usage: build-tree.sh TARGET RECIPE_DIR CACHE_DIR MIRROR SECURITY_MIRROR KEYRING SUITE PACKAGE_LIST…
set -eu
target=$1 recipe=$2 cache=$3 mirror=$4 security=$5 keyring=$6 suite=$7
shift 7
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 LANG=C.UTF-8

say() { printf 'lab: %s\n' "$*" >&2; }
in_tree() { chroot "$target" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
  http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" "$@"; }

mkdir -p "$target" "$cache"
# A release newer than this debootstrap is made like unstable.
script=/usr/share/debootstrap/scripts/$suite
[ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
say "debootstrap $suite from $mirror"
debootstrap --variant=minbase --keyring="$keyring" --cache-dir="$cache" "$suite" "$target" "$mirror" "$script" >"$target.log" 2>&1 ||
  { tail -n 20 "$target.log" >&2; exit 1; }

mount -t proc proc "$target/proc"
mount -t tmpfs tmpfs "$target/dev/shm" 2>/dev/null || { mkdir -p "$target/dev/shm"; mount -t tmpfs tmpfs "$target/dev/shm"; }
mount --bind "$cache" "$target/var/cache/apt/archives"
mkdir -p "$cache/partial"
cp /etc/resolv.conf "$target/etc/resolv.conf"
cat >"$target/etc/apt/sources.list" <<LIST
deb $mirror $suite main
deb $mirror $suite-updates main
deb $security $suite-security main
LIST
cat >"$target/etc/apt/apt.conf.d/90lab" <<'CONF'
APT::Install-Recommends "false";
APT::Keep-Downloaded-Packages "true";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
CONF
echo force-unsafe-io >"$target/etc/dpkg/dpkg.cfg.d/90lab"
printf '#!/bin/sh\nexit 101\n' >"$target/usr/sbin/policy-rc.d"
chmod 755 "$target/usr/sbin/policy-rc.d"

say 'installing packages'
packages=$(for list in "$@"; do grep -v '^#' "$recipe/$list"; done | tr '\n' ' ')
{
  in_tree apt-get -qq update
  # shellcheck disable=SC2086 # one word a package
  in_tree apt-get -qq -y install $packages
} >>"$target.log" 2>&1 || { tail -n 30 "$target.log" >&2; exit 1; }

say 'users, units and settings'
in_tree sh -eu <"$recipe/configure-tree.sh" >>"$target.log" 2>&1 || { tail -n 30 "$target.log" >&2; exit 1; }

umount "$target/var/cache/apt/archives" "$target/dev/shm" "$target/proc"
rm -rf "$target/var/lib/apt/lists" "${target:?}/dev" "$target/usr/share/doc" "$target/usr/share/man" "$target/usr/share/locale"
mkdir -p "$target/dev" "$target/var/lib/apt/lists/partial" "$target/.outer"
rm -f "$target/usr/sbin/policy-rc.d" "$target/etc/apt/apt.conf.d/90lab" "$target/etc/machine-id" "$target/etc/resolv.conf"
mv "$target.log" "$target/var/log/lab-build.log"
