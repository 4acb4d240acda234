# Facts about addresses, the SSH connection, resolvers and time servers.
# shellcheck shell=sh disable=SC2154,SC2034

facts_addresses() { ip -o addr show 2>/dev/null | awk -f "$lib_dir/json.awk" -f "$lib_dir/addresses.awk"; }

# $1: SSH_CONNECTION of the login shell, "CLIENT PORT SERVER PORT".
facts_ssh_connection() {
  printf '%s\n' "$1" | awk -f "$lib_dir/json.awk" -f "$lib_dir/ssh-connection.awk"
}

# Addresses of resolv.conf and of the servers that systemd-resolved really asks.
facts_resolvers() {
  cat /etc/resolv.conf /run/systemd/resolve/resolv.conf 2>/dev/null | sed -n 's/^[[:space:]]*nameserver[[:space:]][[:space:]]*\([0-9a-fA-F:.]*\).*$/\1/p'
}

# Names or addresses that timesyncd, chrony and ntpd are configured with.
facts_time_servers() {
  cat /etc/systemd/timesyncd.conf /etc/systemd/timesyncd.conf.d/*.conf 2>/dev/null | sed -n 's/^[[:space:]]*\(Fallback\)\{0,1\}NTP=//p' | tr ' ' '\n'
  cat /etc/chrony/chrony.conf /etc/chrony.conf /etc/chrony/conf.d/*.conf /etc/chrony/sources.d/*.sources /etc/ntp.conf /etc/ntpsec/ntp.conf 2>/dev/null |
    sed -n 's/^[[:space:]]*\(server\|pool\|peer\)[[:space:]][[:space:]]*\([^[:space:]]*\).*$/\2/p'
}
