# Facts about how well the host is kept: Secure Boot, security updates, disk encryption, endpoint security. null is “not known here”: nothing good is ever guessed.
# shellcheck shell=sh disable=SC2154,SC2034

facts_posture() {
  need facts-updates facts-disks
  posture_updates
  printf '{'
  json_members r:secureBoot "$(posture_secure_boot)" n:securityUpdates "$updates_pending" n:updateListsAt "$updates_lists_at" r:rebootRequired "$(posture_reboot)"
  printf ',"diskEncryption":'
  posture_disks
  printf ',"edr":'
  posture_edr
  printf '}'
}

# Byte 5 of an EFI variable, behind four of attributes (UEFI 2.10, 8.2; Linux efivarfs.rst); nothing where it is not five bytes long. $1: name.
efi_byte() { od -An -v -tu1 "${posture_root:-}/sys/firmware/efi/efivars/$1" 2>/dev/null | awk '{ for (i = 1; i <= NF; i++) byte[++n] = $i } END { if (n == 5) print byte[5] }'; }

# In setup mode anybody may enrol keys, and with MokSBStateRT=1 shim checks no kernel: neither is Secure Boot, whatever the firmware says.
posture_secure_boot() {
  case $(efi_byte SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c) in
    0) printf false ;;
    1) case $(efi_byte SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c)$(efi_byte MokSBStateRT-605dab50-e046-4300-abb6-3dd810dd8b23) in
      0 | 00) printf true ;;
      '') printf null ;;
      *) printf false ;;
    esac ;;
    *) printf null ;;
  esac
}

# Where nothing would write the file, its absence says nothing.
posture_reboot() {
  if [ -e "${posture_root:-}/run/reboot-required" ] || [ -e "${posture_root:-}/var/run/reboot-required" ]; then printf true
  elif [ -e "${posture_root:-}/etc/kernel/postinst.d/unattended-upgrades" ] || [ -e "${posture_root:-}/usr/share/update-notifier/notify-reboot-required" ]; then printf false
  else printf null; fi
}

# Names of processes (at most 15 bytes, as the kernel keeps them) that known endpoint security runs as root.
edr_names='falcon-sensor falcon-sensor-b sentinelone-age s1-agent mdatp wdavdaemon cbagentd cbdaemon elastic-endpoin elastic-agent osqueryd wazuh-syscheckd wazuh-modulesd wazuh-execd ossec-syscheckd ossec-execd clamonacc clamd savd savscand sophosmtrd sophos-spl xagt traps_pmd ds_agent ds_am cylancesvc qualys-cloud-ag falco tetragon'

# A name is anybody's: it counts for a process of this PID namespace that is root in all of its ids, and whose program is a file that root alone can write. null where /proc cannot be read.
posture_edr() {
  if [ ! -r "${posture_root:-}/proc/1/comm" ]; then printf null; return; fi
  edr_processes | head -n 256 | while IFS=: read -r edr_pid edr_name; do
    if edr_is_roots "${posture_root:-}/proc/${edr_pid%/comm}"; then printf '%s\n' "$edr_name"; fi
  done | sort | json_lines 32 15
}

# "PID/comm:NAME" of processes with one of the names.
# shellcheck disable=SC2046,SC2086,SC2012 # one name a word; names in /proc that are numbers have no other bytes
edr_processes() { (cd "${posture_root:-}/proc" && ls | sed -n 's|^\([0-9][0-9]*\)$|\1/comm|p' | xargs grep -sHxF $(printf ' -e %s' $edr_names)) 2>/dev/null </dev/null; }

# $1: its folder in /proc. A container's process has a PID in each namespace (proc_pid_status(5), NSpid).
edr_is_roots() {
  awk '/^Uid:/ { root = $2 + $3 + $4 + $5 == 0 && NF == 5 } /^NSpid:/ { ours = NF == 2 } END { exit !(root && ours) }' "$1/status" 2>/dev/null || return 1
  # shellcheck disable=SC2012 # the mode and the owner come before any name
  ls -lnL "$1/exe" 2>/dev/null | awk '{ exit !($3 == 0 && substr($1, 6, 1) != "w" && substr($1, 9, 1) != "w") } END { if (NR == 0) exit 1 }'
}
