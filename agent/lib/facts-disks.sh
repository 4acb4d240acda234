# Facts about encrypted disks: what lies on dm-crypt. Disks that encrypt themselves are not seen.
# shellcheck shell=sh disable=SC2154,SC2034

# Whether each of /, /var and /home that is a mount of its own lies on dm-crypt, all of its devices: “[{"mount":"/","encrypted":true}]”.
posture_disks() {
  disks_first=yes
  printf '['
  for disk_mount in / /var /home; do
    # The last mount of a point is the one on top. Fields: proc_pid_mountinfo(5); the file system and its source come behind a lone “-”.
    disk_line=$(awk -v at="$disk_mount" '$5 == at { for (i = 7; i <= NF && $i != "-"; i++); line = $3 " " $(i + 2) } END { print line }' "${posture_root:-}/proc/self/mountinfo" 2>/dev/null)
    [ -n "$disk_line" ] || continue
    [ -n "$disks_first" ] || printf ','
    disks_first=
    printf '{"mount":"%s","encrypted":%s}' "$disk_mount" "$(disk_encrypted "$(disk_device "${disk_line%% *}" "${disk_line#* }")" 0)"
  done
  printf ']'
}

# Prints the folder of a block device in /sys; nothing for what has none (a network, an overlay, memory). btrfs has a number of no device: its source is looked at. $1: MAJ:MIN, $2: source.
disk_device() {
  case $1 in
    0:*) case $2 in /dev/*) disk_source=$(readlink -f "${posture_root:-}$2") && disk_source=${posture_root:-}/sys/class/block/${disk_source##*/} && [ ! -d "$disk_source" ] || printf '%s' "$disk_source" ;; esac ;;
    *) [ ! -d "${posture_root:-}/sys/dev/block/$1" ] || printf '%s' "${posture_root:-}/sys/dev/block/$1" ;;
  esac
}

# true, false or null. $1: a device's folder in /sys, $2: how deep we are. LVM and md lie on all of their slaves. A CRYPT- name of verity and integrity is no encryption (libdevmapper of cryptsetup),
# and what lies under a loop or a network block device is not known.
disk_encrypted() {
  if [ -z "$1" ] || [ "$2" -gt 8 ]; then printf null; return; fi
  case $(head -c 128 "$1/dm/uuid" 2>/dev/null) in
    CRYPT-VERITY-* | CRYPT-INTEGRITY-* | CRYPT-SUBDEV-*) ;;
    CRYPT-*) printf true; return ;;
  esac
  if [ -e "$1/partition" ]; then
    disk_parent=$(readlink -f "$1")
    disk_encrypted "${disk_parent%/*}" $(($2 + 1))
    return
  fi
  for disk_slave in "$1"/slaves/*; do
    [ ! -d "$disk_slave" ] || disk_encrypted "$disk_slave" $(($2 + 1))
    printf '\n'
  done | awk '/./ { seen[$0] = 1; n++ } END { exit n ? (seen["false"] ? 1 : seen["null"] ? 2 : 3) : 4 }'
  case $? in
    1) printf false ;;
    3) printf true ;;
    4) case $(basename "$(readlink -f "$1")") in loop* | nbd* | drbd* | zram* | ram* | rbd*) printf null ;; *) if [ -d "$1" ]; then printf false; else printf null; fi ;; esac ;;
    *) printf null ;;
  esac
}
