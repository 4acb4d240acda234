# Facts about what listens. Read from /proc, not from ss: a process can put quotes and line breaks into the name that ss prints,
# and so pass its socket off as somebody else's. Here names are only ever values.
# shellcheck shell=sh disable=SC2154,SC2034

facts_listening() {
  sockets_dir=$(mktemp -d) || { printf '[]'; return; }
  listening_sockets >"$sockets_dir/sockets"
  socket_owners >"$sockets_dir/owners"
  awk -v owners="$sockets_dir/owners" -f "$lib_dir/json.awk" -f "$lib_dir/listening.awk" "$sockets_dir/sockets"
  rm -rf "$sockets_dir"
}

# "PROTOCOL HEX-ADDRESS:HEX-PORT UID INODE" of sockets that wait for peers: TCP in state LISTEN (0A), UDP without a peer (07).
listening_sockets() {
  for protocol in tcp tcp6 udp udp6; do
    awk -v protocol="$protocol" 'NR > 1 && ($4 == "0A" || ($4 == "07" && protocol ~ /^udp/)) { print protocol, $2, $8, $10 }' "/proc/net/$protocol" 2>/dev/null
  done
}

# "INODE PID" of every socket that a process holds. A link to a file begins with /, so only the kernel writes "socket:[".
# busybox has no -lname: there the links are followed and the inode asked for, in bounded time, since a file on a dead mount can hang stat(2).
socket_owners() {
  if find / -maxdepth 0 -lname x -printf '' >/dev/null 2>&1; then
    find /proc/[0-9]*/fd -maxdepth 1 -lname 'socket:*' -printf '%l %p\n' 2>/dev/null
  else
    timeout 10 find -L /proc/[0-9]*/fd -maxdepth 1 -type s -exec ls -diL {} + 2>/dev/null | sed 's/^ *\([0-9]*\) /socket:[\1] /'
  fi | sed -n 's|^socket:\[\([0-9]*\)\] /proc/\([0-9]*\)/fd/[0-9]*$|\1 \2|p'
}
