# `witness`: which of the connections that a console tries passed this host, told by its own kernel. A table of its own sees each SYN twice on its
# way out and twice on its way in, before and after everybody's rules; it has no verdict but accept. The table belongs to one nft process (flag
# `owner`, nft 1.0.0 and Linux 5.12): the kernel removes it when that ends, however it ends, and lets nobody else change it.
# shellcheck shell=sh disable=SC2154,SC2034

witness_max_pairs=256
# SYNs that each set remembers.
witness_size=2048

cmd_witness() {
  witness_s=''
  while [ $# -gt 0 ]; do
    need_value "$1" $#
    case $1 in
      --seconds) witness_s=$2 ;;
      *) fail 2 USAGE "witness does not know $1" ;;
    esac
    shift 2
  done
  case $witness_s in '' | *[!0-9]* | ????*) fail 2 USAGE 'witness needs --seconds, 5 to 600' ;; esac
  { [ "$witness_s" -ge 5 ] && [ "$witness_s" -le 600 ]; } || fail 2 USAGE 'witness needs --seconds, 5 to 600'
  require_root_and_tools
  make_scratch
  witness_read_pairs
  ! witness_chains | grep -q . || fail 1 BUSY 'another console has a witness here'
  trap '' PIPE
  witness_begin
  json_object n:v 1 b:ready true
  # Until the console says that all is tried, by end of file; until its session dies, which is the same; or until time is over.
  timeout "$witness_s" cat >/dev/null
  witness_report
}

# Lines up to `go`; stdin stays open behind it.
witness_read_pairs() {
  while IFS= read -r witness_line && [ "$witness_line" != go ]; do printf '%s\n' "$witness_line"; done | head -n "$((witness_max_pairs + 1))" >"$scratch/pairs-raw"
  awk -v max="$witness_max_pairs" -f "$lib_dir/session-addresses.awk" -f "$lib_dir/asked-pairs.awk" <"$scratch/pairs-raw" >"$scratch/pairs" ||
    fail 2 USAGE "witness reads 1 to $witness_max_pairs lines SOURCE DESTINATION PORT, then go"
}

# Starts the nft that owns the table and waits until all of it is there.
witness_begin() {
  mkfifo "$scratch/witness-commands" || fail 7 RUN_DIR_NOT_WRITABLE "$scratch"
  # HOME: -i leaves a history file there.
  HOME=$scratch timeout -s KILL "$witness_s" nft -i <"$scratch/witness-commands" >"$scratch/witness-seen" 2>"$scratch/witness-error" &
  witness_pid=$!
  exec 8>"$scratch/witness-commands"
  undo=witness_end
  witness_table >&8
  witness_tries=0
  until witness_chains | grep -q "chain ready_$$ {"; do
    witness_tries=$((witness_tries + 1))
    { [ ! -s "$scratch/witness-error" ] && [ "$witness_tries" -le 60 ] && kill -0 "$witness_pid" 2>/dev/null; } ||
      fail 6 WITNESS_NOT_POSSIBLE "$(one_line "$(head -n 1 "$scratch/witness-error")" 300)"
    sleep 0.1 2>/dev/null || sleep 1
  done
}

# The chains of a witness that is here, ours or another's.
witness_chains() { nft_ list chains inet 2>/dev/null | sed -n '/^table inet firebreak_witness {/,/^}$/p'; }

# Prints the table as commands. Priorities: before defragmentation and everybody's raw chains, and after all but the kernel's own last hook.
witness_table() {
  echo 'add table inet firebreak_witness { flags owner; }'
  witness_family 4 ip ipv4_addr
  witness_family 6 ip6 ipv6_addr
  witness_chain sent 'output priority -450' && witness_chain left 'output priority 2147483646'
  witness_chain arrived 'prerouting priority -450' && witness_chain entered 'input priority 2147483646'
  # Redirected to a container on the way: known by what it was sent to.
  witness_chain passed 'forward priority 2147483646'
  witness_rules 4 ip
  witness_rules 6 ip6
  while read -r witness_family witness_source witness_destination witness_port; do
    printf 'add element inet firebreak_witness pairs%s { %s . %s . %s }\n' "$witness_family" "$witness_source" "$witness_destination" "$witness_port"
  done <"$scratch/pairs"
  echo "add chain inet firebreak_witness ready_$$"
}

witness_family() {
  echo "add set inet firebreak_witness pairs$1 { type $3 . $3 . inet_service; size $witness_max_pairs; }"
  for witness_point in sent left arrived entered; do
    echo "add set inet firebreak_witness $witness_point$1 { type $3 . inet_service . $3 . inet_service; flags dynamic; size $witness_size; }"
  done
}

witness_chain() { echo "add chain inet firebreak_witness $1 { type filter hook $2; policy accept; }"; }

witness_rules() {
  witness_syn='tcp flags & (fin | syn | rst | ack) == syn'
  for witness_point in sent left arrived entered; do
    echo "add rule inet firebreak_witness $witness_point $witness_syn $2 saddr . $2 daddr . tcp dport @pairs$1 update @$witness_point$1 { $2 saddr . tcp sport . $2 daddr . tcp dport }"
  done
  echo "add rule inet firebreak_witness passed $witness_syn ct original $2 saddr . ct original $2 daddr . ct original proto-dst @pairs$1 update @entered$1 { ct original $2 saddr . ct original proto-src . ct original $2 daddr . ct original proto-dst }"
}

# Lists what was seen, which ends nft and so the table.
witness_report() {
  kill -0 "$witness_pid" 2>/dev/null || fail 1 WITNESS_LOST 'its time was over, or somebody ended it'
  for witness_point in sent left arrived entered; do
    echo "list set inet firebreak_witness ${witness_point}4" && echo "list set inet firebreak_witness ${witness_point}6"
  done >&8 2>/dev/null
  witness_end
  { [ "$witness_code" -eq 0 ] && [ ! -s "$scratch/witness-error" ] && [ "$(grep -c '^	set [a-z]*[46] {$' "$scratch/witness-seen")" -eq 8 ]; } ||
    fail 1 WITNESS_LOST "$(one_line "what it saw could not be read: $(head -n 1 "$scratch/witness-error")" 300)"
  printf '{"v":1,'
  awk -v size="$witness_size" -f "$lib_dir/session-addresses.awk" -f "$lib_dir/witness.awk" "$scratch/witness-seen"
  printf '}\n'
}

# End of file ends nft, and the kernel takes its table away.
witness_end() {
  undo=:
  exec 8>&-
  wait "$witness_pid"
  witness_code=$?
}
