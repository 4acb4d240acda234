# Which way into the kernel this host has: nft, or iptables with ipset where there is no nft or one that is too old. Sourced last of the core.
# shellcheck shell=sh disable=SC2154,SC2034

# What is confirmed says it, first of all what an install that was cut has confirmed; before an install, whoever installs (`--backend iptables`), else whether there is an nft. $@: the words of the command.
uses_iptables() {
  for backend_path in "$installing_dir/confirmed.nft" "$confirmed_path" "$confirmed_copy_path"; do
    backend_line=''
    { read -r backend_line <"$backend_path"; } 2>/dev/null
    case $backend_line in '# firebreak bundle 1 iptables') return 0 ;; '# firebreak bundle 1') return 1 ;; esac
  done
  case " $* " in *' --backend iptables '*) return 0 ;; esac
  ! nft --version >/dev/null 2>&1
}

# Sources what stands in for nft once more: it replaces functions, also of parts that were sourced since.
backend_take_over() {
  [ -n "$backend_iptables" ] || return 0
  # shellcheck source=/dev/null
  . "$lib_dir/iptables.sh" && . "$lib_dir/iptables-load.sh" && . "$lib_dir/iptables-read.sh" || exit 2
}
backend_iptables=
if uses_iptables "$@"; then backend_iptables=yes; fi
backend_take_over
case $backend_iptables${1-} in yeslatency | yeswitness) fail 6 NOT_OVER_IPTABLES "this host has rules over iptables, and $1 is for nft" ;; esac
