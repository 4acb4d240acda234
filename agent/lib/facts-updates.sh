# Facts about pending security updates, from what the package manager already has on the disk.
# shellcheck shell=sh disable=SC2154,SC2034

# Sets updates_pending and updates_lists_at, each empty where not known. The package manager takes a second, and its answer changes only with its lists and what is installed:
# it is kept in the run folder, as two numbers, for six hours at most.
posture_updates() {
  updates_pending='' updates_lists_at=''
  if [ -d "${posture_root:-}/var/lib/apt/lists" ] && command -v apt-get >/dev/null 2>&1; then updates_by=apt updates_from="/var/lib/apt/lists /var/lib/dpkg/status /etc/apt"
  elif command -v dnf >/dev/null 2>&1; then updates_by=dnf updates_from="/var/cache/dnf /var/cache/libdnf5 /var/lib/rpm /usr/lib/sysimage/rpm /etc/yum.repos.d"
  else return 0; fi
  updates_kept=$run_dir/posture-updates
  if [ -f "$updates_kept" ] && [ -z "$(find "$updates_kept" -mmin +360 2>/dev/null)" ] && ! updates_changed; then
    read -r updates_pending updates_lists_at <"$updates_kept" || :
    case $updates_pending$updates_lists_at in *[!0-9]*) updates_pending='' updates_lists_at='' ;; *) return 0 ;; esac
  fi
  updates_lists_at=$(updates_lists_$updates_by)
  # What a list says that nobody can date is worth nothing.
  [ -z "$updates_lists_at" ] || updates_pending=$(updates_count_$updates_by)
  [ -n "$updates_pending" ] || return 0
  if [ -d "$run_dir" ]; then (umask 077; printf '%s %s\n' "$updates_pending" "$updates_lists_at" >"$updates_kept.$$" && mv -f "$updates_kept.$$" "$updates_kept") 2>/dev/null || rm -f "$updates_kept.$$"; fi
}

updates_changed() {
  for updates_path in $updates_from; do
    [ -e "${posture_root:-}$updates_path" ] || continue
    [ -z "$(find "${posture_root:-}$updates_path" -newer "$updates_kept" 2>/dev/null | head -n 1)" ] || return 0
  done
  return 1
}

# When the oldest list of a security suite was published: apt gives its file the time that the server said. A host without such a list cannot know.
updates_lists_apt() { oldest_of "${posture_root:-}"/var/lib/apt/lists/*[Ss]ecurity*Release; }
updates_lists_dnf() { oldest_of "${posture_root:-}"/var/cache/dnf/*/repodata/repomd.xml "${posture_root:-}"/var/cache/libdnf5/*/repodata/repomd.xml; }

# Prints the smallest modification time, epoch seconds.
oldest_of() { for updates_path in "$@"; do [ ! -f "$updates_path" ] || date -r "$updates_path" +%s 2>/dev/null; done | sort -n | head -n 1; }

# Installed packages of which a security suite has a newer version, held ones too. Not a simulation of apt's: that takes five seconds of CPU without its cache, and root's would write the cache.
updates_count_apt() {
  # By its path: busybox has a dpkg of its own that compares nothing.
  updates_dpkg=${posture_root:-}/usr/bin/dpkg
  "$updates_dpkg" --compare-versions 2 gt 1 2>/dev/null || return 0
  updates_lines=$(updates_pairs)
  case $updates_lines in *whole) ;; *) return 0 ;; esac
  printf '%s\n' "${updates_lines%whole}" | while read -r updates_package updates_installed updates_offered; do
    if [ -n "$updates_package" ] && "$updates_dpkg" --compare-versions "$updates_offered" gt "$updates_installed" 2>/dev/null; then printf '%s\n' "$updates_package"; fi
  done | sort -u | awk 'END { print NR }'
}
# "PACKAGE:ARCHITECTURE INSTALLED OFFERED" where the versions are not the same text, 400 at most, and at the end `whole` where all that there is could be read.
updates_pairs() {
  {
    cat "${posture_root:-}/var/lib/dpkg/status"
    printf '\nOffered: yes\n'
    for updates_path in "${posture_root:-}"/var/lib/apt/lists/*[Ss]ecurity*_Packages*; do [ ! -f "$updates_path" ] || updates_text "$updates_path" || printf '\nBroken: yes\n'; printf '\n'; done
  } 2>/dev/null | awk '
    function flush() {
      if (package != "" && !offered && state ~ / installed$/) { has[package ":" arch] = version; known = 1 }
      if (package != "" && offered) {
        seen = 1
        key = package ":" arch
        if (!(key in has)) key = package ":all"
        if (key in has && has[key] != version && n++ < 400) print key, has[key], version
      }
      package = ""; version = ""; arch = ""; state = ""
    }
    $1 == "" { flush() }
    $1 == "Offered:" { offered = 1 }
    $1 == "Broken:" { broken = 1 }
    $1 == "Package:" { package = $2 }
    $1 == "Version:" { version = $2 }
    $1 == "Architecture:" { arch = $2 }
    $1 == "Status:" { state = $0 }
    END { flush(); if (known && seen && !broken) print "whole" }'
}
# Prints a list as apt keeps it, packed or not. $1: its path.
updates_text() { case $1 in *_Packages) cat "$1" ;; *) timeout -s KILL 10 /usr/lib/apt/apt-helper cat-file "$1" 2>/dev/null </dev/null ;; esac; }

# From the cache alone. Where the repositories publish no advisories, none pending says nothing.
updates_count_dnf() {
  [ -n "$(updates_advisories --all | head -n 1)" ] || return 0
  updates_advisories --updates | sort -u | awk 'END { print NR }'
}
# "ADVISORY" lines of security advisories. $1: --all or --updates. dnf 4: “ID Important/Sec. PACKAGE”, dnf 5: “ID security Important PACKAGE …”.
updates_advisories() { timeout -s KILL 8 dnf -C -q updateinfo list "$1" --security </dev/null 2>/dev/null | awk '$1 == "i" { $1 = ""; $0 = $0 } $2 ~ /\/Sec\.$/ || $2 == "security" { print $1 }'; }
