#!/bin/sh
# Makes a small site inside the guest: two services of its own, and two neighbours in network namespaces, one that is to be allowed and one
# that is not. All of it comes back at a reboot.
set -eu

cat >/usr/local/sbin/neighbours <<'SCRIPT'
#!/bin/sh
set -eu
number=0
for name in friend stranger; do
  number=$((number + 1))
  ip netns add "$name"
  ip link add "$name" type veth peer name eth0 netns "$name"
  ip addr add "10.77.$number.1/24" dev "$name"
  ip addr add "fd77:$number::1/64" dev "$name" nodad
  ip link set "$name" up
  ip -n "$name" addr add "10.77.$number.2/24" dev eth0
  ip -n "$name" addr add "fd77:$number::2/64" dev eth0 nodad
  ip -n "$name" link set eth0 up
  ip -n "$name" link set lo up
  ip netns exec "$name" /usr/bin/python3 /usr/local/lib/lab/listen.py tcp 9000 >/dev/null &
  ip netns exec "$name" /usr/bin/python3 /usr/local/lib/lab/listen.py tcp 9001 >/dev/null &
done
wait
SCRIPT
chmod 755 /usr/local/sbin/neighbours

unit() {
  printf '[Unit]\nDescription=%s\nAfter=network.target\n[Service]\nExecStart=%s\n%s\n[Install]\nWantedBy=multi-user.target\n' "$2" "$3" "$4" >"/etc/systemd/system/$1.service"
}
unit neighbours 'Neighbours of the test' /usr/local/sbin/neighbours ''
unit served-8080 'Service of the test' '/usr/bin/python3 /usr/local/lib/lab/listen.py tcp 8080' User=nobody
unit served-8081 'Another service of the test' '/usr/bin/python3 /usr/local/lib/lab/listen.py tcp 8081' User=nobody
unit caller 'Calls a neighbour now and then' "/bin/sh -c 'while :; do nc -z -w 3 10.77.1.2 9000; nc -z -w 3 fd77:1::2 9000; sleep 2; done'" User=backup
systemctl daemon-reload
systemctl enable --now neighbours.service served-8080.service served-8081.service caller.service
