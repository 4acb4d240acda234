#!/bin/sh
# Runs inside the new tree, as root, with sh -eu: users, and which units start by themselves.

# People who log in. `admin` may sudo without a password, `ops` with one, `nosudo` not at all.
for user in admin ops nosudo; do
  useradd --create-home --shell /bin/bash "$user"
done
echo 'ops:lab' | chpasswd
echo 'admin ALL=(ALL:ALL) NOPASSWD: ALL' >/etc/sudoers.d/admin
echo 'ops ALL=(ALL:ALL) ALL' >/etc/sudoers.d/ops
chmod 440 /etc/sudoers.d/admin /etc/sudoers.d/ops

# Service accounts of the shop; Debian itself has `backup`, `www-data`, `postgres` and `redis`.
for user in shopweb monitor customer; do
  useradd --system --home-dir /nonexistent --shell /usr/sbin/nologin "$user"
done

# Host keys belong to the host, not to the tree.
rm -f /etc/ssh/ssh_host_*

# Servers start only where a role says so.
for unit in nginx.service postgresql.service redis-server.service nftables.service; do
  [ ! -e "/lib/systemd/system/$unit" ] || systemctl disable "$unit"
done
systemctl enable ssh.service systemd-networkd.service
systemctl disable systemd-networkd-wait-online.service
ln -sf /lib/systemd/system/multi-user.target /etc/systemd/system/default.target

# What cannot work in a namespace, or would act on the machine that carries it.
for unit in systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udev-trigger.service \
  systemd-sysctl.service systemd-modules-load.service systemd-remount-fs.service systemd-timesyncd.service \
  systemd-random-seed.service systemd-hwdb-update.service systemd-pstore.service systemd-networkd-wait-online.service \
  sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount \
  dev-hugepages.mount dev-mqueue.mount proc-sys-fs-binfmt_misc.automount \
  getty.target console-getty.service e2scrub_reap.service e2scrub_all.timer fstrim.timer \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer; do
  systemctl mask "$unit"
done

# The journal is kept over a reboot, and small.
mkdir -p /var/log/journal /etc/systemd/journald.conf.d
printf '[Journal]\nStorage=persistent\nSystemMaxUse=32M\nRuntimeMaxUse=16M\n' >/etc/systemd/journald.conf.d/lab.conf
