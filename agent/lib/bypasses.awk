# stdin: `ip -o -d link` of one network namespace: the host's own, or with -v other=1 that of the process whose name is in environment
# firebreak_place (processes name themselves: with -v, awk would read escapes in it). Prints "KIND<tab>NAME" lines.
# The kind of a device is the first word of its third part; a device without one is hardware.
{
  parts = split($0, part, /\\ */)
  name = $2
  sub(/:$/, "", name)
  sub(/@.*/, "", name)
  kind = part[3]
  sub(/ .*/, "", kind)
  if (kind ~ /^(addrgenmode|bridge_slave|parentbus|altname|prog\/xdp)?$/) kind = ""
  isEther = $0 ~ /link\/ether/
  if (other) {
    place = ENVIRON["firebreak_place"]
    gsub(/[^ -~]/, "?", place)
    if (kind ~ /^(macvlan|macvtap|ipvlan|ipvtap)$/) printf "%s\t%s in the network namespace of %s\n", kind, name, place
    else if (kind == "" && isEther) printf "hardware\t%s in the network namespace of %s\n", name, place
    next
  }
  if (kind ~ /^(macvlan|macvtap|ipvlan|ipvtap)$/) printf "%s\t%s\n", kind, name
  if ($0 ~ / xdp(generic|drv|offload)? |prog\/xdp/) printf "xdp\t%s\n", name
  if (match($0, / master [^ ]+/)) {
    master = substr($0, RSTART + 8, RLENGTH - 8)
    if (kind == "" || kind == "bond" || kind == "vlan" || kind == "team") leadsOut[master] = 1
    if (kind == "veth" || kind == "tun") leadsIn[master] = 1
  }
  if (kind == "bridge") isBridge[name] = 1
}
END { for (name in isBridge) if (name in leadsOut && name in leadsIn) printf "bridged\t%s\n", name }
