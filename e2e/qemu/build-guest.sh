#!/bin/sh
# Builds what QEMU boots: disk.img (ext4: the lab's tree, the host's own files, udev, the kernel's modules), vmlinuz and an initramfs that
# only finds the disk. Runs in a mount namespace of its own (the caller unshares), so that a killed build leaves no mount behind.
#
# usage: build-guest.sh OUT TREE SEED KERNEL_DEB UDEV_DEB BUSYBOX
set -eu
out=$1 tree=$2 seed=$3 kernel_deb=$4 udev_deb=$5 busybox=$6
root=$out/root

mkdir -p "$root" "$out/initramfs/modules"
truncate -s 3G "$out/disk.img"
mkfs.ext4 -q -F -m 0 -E nodiscard,lazy_itable_init=1,lazy_journal_init=1 "$out/disk.img"
mount -o loop,noatime "$out/disk.img" "$root"
cp -a "$tree/." "$root/"
cp -a "$seed/." "$root/"

mkdir "$out/kernel"
dpkg-deb -x "$kernel_deb" "$out/kernel"
dpkg-deb -x "$udev_deb" "$out/udev"
# Copied below the links of a merged /usr: dpkg-deb would replace /lib by a folder.
for folder in lib bin sbin; do
  if [ -d "$out/udev/$folder" ]; then cp -a "$out/udev/$folder/." "$root/usr/$folder/"; fi
done
cp -a "$out/udev/usr/." "$root/usr/"
version=$(ls "$out/kernel/lib/modules")
mkdir -p "$root/usr/lib/modules"
cp -a "$out/kernel/lib/modules/$version" "$root/usr/lib/modules/"
rm -rf "$root/usr/lib/modules/$version/kernel/drivers/gpu" "$root/usr/lib/modules/$version/kernel/sound" "$root/usr/lib/modules/$version/kernel/drivers/media"
chroot "$root" depmod "$version"
cp "$out/kernel/boot/vmlinuz-$version" "$out/vmlinuz"

# What the lab masks because it cannot work in a namespace, a machine of its own needs.
for unit in systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udev-trigger.service \
  systemd-sysctl.service systemd-modules-load.service systemd-remount-fs.service systemd-random-seed.service; do
  rm -f "$root/etc/systemd/system/$unit"
done
mkdir -p "$root/proc" "$root/sys" "$root/run" "$root/tmp"

# The modules that the disk needs, in the order in which they have to be loaded.
for module in virtio_pci virtio_blk ext4; do
  chroot "$root" modprobe --set-version "$version" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$out/order"
while read -r path; do
  cp "$root$path" "$out/initramfs/modules/"
  basename "$path"
done <"$out/order" >"$out/initramfs/modules/order"
mkdir -p "$out/initramfs/bin" "$out/initramfs/proc" "$out/initramfs/sys" "$out/initramfs/dev" "$out/initramfs/root"
cp "$busybox" "$out/initramfs/bin/busybox"
cat >"$out/initramfs/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
while read -r module; do insmod "/modules/$module"; done </modules/order
until [ -b /dev/vda ]; do usleep 100000; done
mount -t ext4 -o noatime /dev/vda /root
umount /proc /sys
mount --move /dev /root/dev
exec switch_root /root /lib/systemd/systemd
INIT
chmod 755 "$out/initramfs/init"
(cd "$out/initramfs" && find . | "$busybox" cpio -o -H newc 2>/dev/null | gzip -1) >"$out/initramfs.gz"

umount "$root"
rm -rf "$root" "$out/kernel" "$out/udev" "$out/initramfs"
printf '%s\n' "$version" >"$out/version"
