#!/bin/sh
# Two namespaces in the guest: `subject` will have the rules, `peer` plays everybody else. Each has a connect-worker.
# Usage: clock-site.sh FOLDER FIRST_PORT LAST_PORT; connect-worker.py lies in FOLDER.
set -eu
folder=$1
for side in subject peer; do
  ip netns add "$side"
  ip -n "$side" link set lo up
done
ip -n subject link add eth0 type veth peer name eth0 netns peer
number=0
for side in subject peer; do
  number=$((number + 1))
  ip -n "$side" addr add "10.9.0.$number/24" dev eth0
  ip -n "$side" addr add "fd09::$number/64" dev eth0 nodad
  ip -n "$side" link set eth0 up
  # shellcheck disable=SC2046 # one word a port
  systemd-run --quiet --unit="worker-$side" -- ip netns exec "$side" python3 "$folder/connect-worker.py" "$folder/$side.sock" $(seq "$2" "$3")
done
tries=0
until [ -S "$folder/subject.sock" ] && [ -S "$folder/peer.sock" ]; do
  tries=$((tries + 1))
  [ $tries -lt 120 ] || { echo 'the workers do not listen' >&2; exit 1; }
  sleep 1
done
