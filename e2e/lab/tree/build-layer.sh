#!/bin/sh
# Installs Debian packages over a tree of the lab, in a mount and PID namespace of its own (the caller unshares). TARGET gets what they
# add: an overlay's upper layer, to lie between a host's seed and the tree.
#
# usage: build-layer.sh TARGET TREE CACHE_DIR PACKAGE…
set -eu
target=$1 tree=$2 cache=$3
shift 3
root=$target.root
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 LANG=C.UTF-8

say() { printf 'lab: %s\n' "$*" >&2; }
in_root() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
  http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" "$@"; }

rm -rf "$root" "$target.work"
mkdir -p "$target" "$target.work" "$root" "$cache/partial"
mount -t overlay overlay -o "lowerdir=$tree,upperdir=$target,workdir=$target.work" "$root"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind "$cache" "$root/var/cache/apt/archives"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cat >"$root/etc/apt/apt.conf.d/90lab" <<'CONF'
APT::Install-Recommends "false";
APT::Keep-Downloaded-Packages "true";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
CONF
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

say "installing $*"
{
  in_root apt-get -qq update
  in_root apt-get -qq -y install "$@"
} >"$target.log" 2>&1 || { tail -n 30 "$target.log" >&2; exit 1; }

rm -rf "$root/var/lib/apt/lists" "$root/usr/share/doc" "$root/usr/share/man" "$root/usr/share/locale"
rm -f "$root/usr/sbin/policy-rc.d" "$root/etc/apt/apt.conf.d/90lab" "$root/etc/resolv.conf"
umount "$root/var/cache/apt/archives" "$root/dev" "$root/proc" "$root"
rm -rf "$target.work" "$root"
mv "$target.log" "$target/var/log/lab-layer.log"
