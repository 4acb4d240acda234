# Runs in a network namespace of its own, with two more behind it: one without rules, one with $1/rules.nft. Prints `without US` and `with US`
# for each connect, in turns, so that whatever else the host does meets both alike. Everything is gone when this ends, however it ends.
# shellcheck shell=sh
set -u
scratch=$1 connects=$2 ip=$3

# Others hold a namespace open as long as this process lives: they read what it never writes.
mkfifo "$scratch/hold" && exec 8<>"$scratch/hold" || exit 1

space_pids=
# shellcheck disable=SC2086 # numbers, one word each
trap 'kill $space_pids 2>/dev/null; wait' EXIT

# space NAME OUR-ADDRESS ITS-ADDRESS: makes a namespace that answers on its address; its process is in space_pid.
space() {
  unshare -n cat <"$scratch/hold" 8>&- &
  space_pid=$! space_pids="$space_pids $!"
  space_tries=0
  while [ "$(readlink /proc/self/ns/net)" = "$(readlink "/proc/$space_pid/ns/net")" ]; do
    space_tries=$((space_tries + 1))
    [ "$space_tries" -lt 1000 ] || { echo 'a network namespace cannot be made here' >&2; return 1; }
  done
  "$ip" link add "$1" type veth peer name "$1-far" && "$ip" link set "$1-far" netns "$space_pid" &&
    "$ip" addr add "$2/30" dev "$1" && "$ip" link set "$1" up &&
    nsenter -t "$space_pid" -n "$ip" addr add "$3/30" dev "$1-far" && nsenter -t "$space_pid" -n "$ip" link set "$1-far" up
}

# 198.18.0.0/15 is for benchmarks (RFC 2544): no host's rules name it.
space without 198.18.0.2 198.18.0.1 || exit 1
space with 198.18.0.6 198.18.0.5 || exit 1
nsenter -t "$space_pid" -n nft -f "$scratch/rules.nft" || exit 1

# Nobody listens there: the SYN passes the rules, and the answer is a reset. 1: refused, as it should be.
timeout -s KILL 5 bash -c ': </dev/tcp/198.18.0.5/9' 2>/dev/null
[ $? -eq 1 ] || { echo 'the rules answer nothing to a connection that none of them explains' >&2; exit 1; }

# shellcheck disable=SC2016 # for bash
bash -c '
  exec 2>/dev/null
  took() { local from=${EPOCHREALTIME/./}; true </dev/tcp/$1/9; took_us=$((${EPOCHREALTIME/./} - from)); }
  for ((i = 0; i < 50; i++)); do took 198.18.0.1; took 198.18.0.5; done
  for ((i = 0; i < $1; i++)); do
    took 198.18.0.1; echo "without $took_us"
    took 198.18.0.5; echo "with $took_us"
  done' bash "$connects"
