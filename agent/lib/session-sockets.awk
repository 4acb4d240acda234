# stdin: "PROTOCOL LOCAL REMOTE STATE UID INODE" from /proc/net → "PROTOCOL STATE LOCAL PORT PEER PORT UID INODE",
# STATE `listen` (TCP that listens, UDP without a peer) or `live`: established, or half closed and still able to carry data.
{
  protocol = $1
  sub(/6$/, "", protocol)
  if (protocol == "tcp" && $4 == "0A" || protocol == "udp" && $4 == "07") state = "listen"
  else if ($4 == "01" || (protocol == "tcp" && ($4 == "08" || ($4 == "05" && $6 != "0")))) state = "live"
  else next
  split($2, own, ":")
  split($3, peer, ":")
  print protocol, state, from_proc(own[1]), hex(own[2]), from_proc(peer[1]), hex(peer[2]), $5, $6
}
