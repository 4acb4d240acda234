# stdin: "PROTOCOL LOCAL PORT PEER PORT". Prints "OPTION FILTER" lines for `ss -K`, each for at most 40 sockets of one protocol.
function end(address, port) { return (address ~ /:/ ? "[" address "]" : address) ":" port }
function flush(protocol) { if (count[protocol]) print (protocol == "tcp" ? "-t" : "-u"), text[protocol]; count[protocol] = 0; text[protocol] = "" }
{
  text[$1] = text[$1] (count[$1] ? " or " : "") "( src " end($2, $3) " and dst " end($4, $5) " )"
  if (++count[$1] == 40) flush($1)
}
END { flush("tcp"); flush("udp") }
