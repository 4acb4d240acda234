# shellcheck shell=sh
# In a network namespace of its own: loads files $f.ipset, .v4 and .v6 as their header says, twice and hooked in, and prints what the kernel has after each.
# $1: a folder to find iptables in first · $2: table · $3: load · $4: hook · $5: prune. Sets that the first load leaves without a rule would be seen in the listing.
set -eu
PATH=$1:$PATH
t=$2
show() {
  iptables -t "$t" -S
  ip6tables -t "$t" -S
  # The salt of a hash and its size in memory are no part of what was asked for, and members come in any order.
  ipset save | sed 's/ initval [^ ]*//' | sort
}
# `set -e` says nothing of the middle of an and-list.
eval "$3" || exit 1
eval "$4"
eval "$5"
show
echo ----
eval "$3" || exit 1
eval "$4"
eval "$5"
show
