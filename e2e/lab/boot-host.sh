#!/bin/sh
# Turns a fresh set of namespaces into a booting Debian host: PID 1 of the new PID namespace runs this, then becomes systemd.
# Every mount made here lives in the host's own mount namespace and vanishes with its last process.
#
# usage: boot-host.sh NAME TREES HOST_DIR DROPPED_CAPABILITIES
# TREES: the root tree, before it what lies over it, colons between.
# HOST_DIR holds disk.img (ext4) and seed/ (files laid over the tree)
set -eu
name=$1 trees=$2 dir=$3 dropped=$4
disk=$dir/disk root=$dir/root

mount --make-rprivate /
mkdir -p "$disk" "$root"
# One at a time: concurrent `mount -o loop` would race for the same free loop device.
flock "$dir/../../../.loop-lock" mount -o loop,noatime "$dir/disk.img" "$disk"
mkdir -p "$disk/upper" "$disk/work"
mount -t overlay overlay -o "nodev,lowerdir=$dir/seed:$trees,upperdir=$disk/upper,workdir=$disk/work" "$root"

mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
# The kernel's settings are the machine's; only those of the network are the host's own. Same as systemd-nspawn.
mount --bind "$root/proc/sys" "$root/proc/sys"
mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"
mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$root/sys/fs/cgroup"

mount -t tmpfs -o nosuid,mode=755,size=4m tmpfs "$root/dev"
# Nodes of the host's own: what it does to the owner and mode of one (a getty to its console) is not done to the machine's.
while read -r node numbers; do mknod -m 666 "$root/dev/$node" c "${numbers%:*}" "${numbers#*:}"; done <<NODES
null 1:3
zero 1:5
full 1:7
random 1:8
urandom 1:9
tty 5:0
console 1:3
NODES
if [ -e "$root/proc/sysrq-trigger" ]; then mount --bind "$root/dev/null" "$root/proc/sysrq-trigger"; fi
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,nosuid,noexec,mode=620,gid=5,ptmxmode=666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
# The kernel has one boot id; a host that reboots must get a new one, or its journal and its agent would see no reboot.
cat /proc/sys/kernel/random/uuid >"$root/dev/.boot-id"
mount --bind "$root/dev/.boot-id" "$root/proc/sys/kernel/random/boot_id"
mount -o remount,bind,ro "$root/proc/sys/kernel/random/boot_id"

hostname "$name"
cd "$root"
pivot_root . .outer
umount -l /.outer
ip link set lo up
# Not even root of a host may set the machine's clock, load modules or read its kernel log.
exec /usr/bin/env -i container=lxc PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  setpriv --bounding-set="$dropped" \
  /lib/systemd/systemd --show-status=0 --log-target=journal </dev/null
