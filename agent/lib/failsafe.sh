# The rules of last resort, written beside the confirmed policy whenever that changes, for a boot at which neither it nor its predecessor loads.
# shellcheck shell=sh disable=SC2154,SC2034

# Prints a bundle with the header of bundle $1. Where $1 enforces: new connections come in from the console only, also into containers
# (nothing that is redirected passes; what is redirected for others neither), everything may go out.
# Where it does not: nothing is blocked. A host that knows no console address lets SSH in from anywhere rather than lock its admin out.
failsafe_bundle() {
  bundle_read "$1"
  failsafe_body >"$scratch/failsafe-body"
  printf '# firebreak bundle 1\n# host %s\n# policy %s\n# mode failsafe\n# zone %s\n# console %s\n# sshport %s\n' "$b_host" "$b_policy" "$b_zone" "$b_console" "$b_sshport"
  printf '# hash %s\n' "$(file_hash "$scratch/failsafe-body")"
  cat "$scratch/failsafe-body"
}

# Of the bundle that was read last.
failsafe_body() {
  cat <<'EOF'
# --- phase 1: declare
table inet firebreak {
	chain input { type filter hook input priority filter + 20; policy accept; }
	chain output { type filter hook output priority filter + 20; policy accept; }
	chain forward { type filter hook forward priority filter + 20; policy accept; }
}
# --- phase 2: swap
flush chain inet firebreak input
flush chain inet firebreak output
flush chain inet firebreak forward
table inet firebreak {
	chain input {
EOF
  if [ "$b_mode" = enforce ]; then
    failsafe_rules
    printf '\t}\n\tchain forward {\n\t\tct state established,related accept\n\t\tct status dnat drop\n'
  else
    printf '\t\taccept\n'
  fi
  printf '\t}\n}\n'
}

failsafe_rules() {
  case $b_sshport in *[!0-9]*) ssh_port='' ;; *) ssh_port=$b_sshport ;; esac
  printf '\t\tiif "lo" accept\n'
  consoles_let_in=0
  for address in $b_console; do
    case $address in
      *[!0-9a-fA-F:./-]*) continue ;;
      *:*) printf '\t\tip6 saddr %s tcp dport %s accept\n' "$address" "${ssh_port:-22}" ;;
      *) printf '\t\tip saddr %s tcp dport %s accept\n' "$address" "${ssh_port:-22}" ;;
    esac
    consoles_let_in=$((consoles_let_in + 1))
  done
  [ "$consoles_let_in" -gt 0 ] || printf '\t\ttcp dport %s accept\n' "${ssh_port:-22}"
  cat <<'EOF'
		ct state established,related accept
		meta l4proto { icmp, ipv6-icmp, igmp } accept
		udp sport 67 udp dport 68 accept
		udp sport 547 udp dport 546 accept
		drop
EOF
}
