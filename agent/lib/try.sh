# `try`: opens TCP connections for a console that wants to know what gets through, and says what this host saw of each. Nothing is sent over
# them. Whoever has python3 or perl says from which port; nc and bash cannot.
# shellcheck shell=sh disable=SC2154,SC2034

try_max=32
# Long enough for a SYN and its first repetition.
try_limit_s=2

cmd_try() {
  [ $# -eq 0 ] || fail 2 USAGE 'try takes no arguments'
  require_root_and_tools
  make_scratch
  head -c 16384 >"$scratch/tries-raw"
  awk -v max="$try_max" -f "$lib_dir/session-addresses.awk" -f "$lib_dir/asked-pairs.awk" <"$scratch/tries-raw" >"$scratch/tries" ||
    fail 2 USAGE "try reads 1 to $try_max lines SOURCE DESTINATION PORT"
  # Root must not load what lies where somebody logs in, nor what their environment names.
  cd / || fail 1 FOLDER_NOT_THERE /
  unset PERL5LIB PERL5OPT
  try_tool=$(find_try_tool)
  try_comma=''
  printf '{'
  json_members n:v 1 S:tool "$try_tool" s:user "$(id -un 2>/dev/null)" s:cgroup "$(sed -n 's/^0:://p' /proc/self/cgroup 2>/dev/null | head -n 1)"
  printf ',"tries":['
  while read -r _ try_source try_destination try_port; do
    try_one
    printf '%s{' "$try_comma"
    json_members s:answer "$try_answer" n:port "$try_own_port"
    printf '}'
    try_comma=,
  done <"$scratch/tries"
  printf ']}\n'
}

# The first that is here and runs; nothing where there is none.
find_try_tool() {
  if python3 -I -c 'import socket' >/dev/null 2>&1 </dev/null; then echo python3
  elif perl -MSocket -MFcntl -MErrno -e 1 >/dev/null 2>&1 </dev/null; then echo perl
  elif nc -h 2>&1 </dev/null | grep -q OpenBSD; then echo nc
  elif bash -c : >/dev/null 2>&1 </dev/null; then echo bash
  fi
}

# Sets try_answer (connected, refused, timed-out, unreachable, no-address, no-tool, failed) and try_own_port (empty where it is not known).
try_one() {
  try_answer=no-tool try_own_port=''
  case $try_tool in
    python3) try_said=$(timeout 10 python3 -I -c "$try_python" "$try_source" "$try_destination" "$try_port" "$try_limit_s" 2>/dev/null </dev/null) ;;
    perl) try_said=$(timeout 10 perl -e "$try_perl" "$try_source" "$try_destination" "$try_port" "$try_limit_s" 2>/dev/null </dev/null) ;;
    nc) try_said=$(try_words "$(timeout 10 nc -n -z -v -w "$try_limit_s" -s "$try_source" "$try_destination" "$try_port" 2>&1 </dev/null)") ;;
    bash) try_said=$(try_bash) ;;
    *) return 0 ;;
  esac
  # shellcheck disable=SC2086 # one or two words of ours
  set -- $try_said
  case ${1-} in connected | refused | timed-out | unreachable | no-address) try_answer=$1 ;; *) try_answer=failed ;; esac
  case ${2-} in '' | *[!0-9]*) ;; *) try_own_port=$2 ;; esac
}

# bash cannot choose its own address, so it serves only where the kernel would choose the same.
try_bash() {
  try_route=$(ip -o route get "$try_destination" 2>/dev/null | sed -n 's/.* src \([0-9a-f.:]*\).*/\1/p' | awk -f "$lib_dir/session-addresses.awk" -f "$lib_dir/one-form.awk")
  [ -n "$try_route" ] || { echo unreachable; return; }
  [ "$try_route" = "$try_source" ] || { echo no-address; return; }
  # shellcheck disable=SC2016 # for bash
  try_error=$(timeout "$try_limit_s" bash -c ': </dev/tcp/$1/$2' bash "$try_destination" "$try_port" 2>&1 </dev/null)
  case $? in
    0) echo connected ;;
    124 | 143) echo timed-out ;;
    *) try_words "$try_error" ;;
  esac
}

# An answer from what a tool says in the C locale.
try_words() {
  case $1 in
    *succeeded*) echo connected ;;
    *'onnection refused'*) echo refused ;;
    *'timed out'* | *'in progress'*) echo timed-out ;;
    *'annot assign requested address'*) echo no-address ;;
    *'o route to host'* | *'unreachable'* | *'ermission denied'* | *'not permitted'*) echo unreachable ;;
    *) echo failed ;;
  esac
}

try_python='
import errno, socket, sys
source, destination, port, limit = sys.argv[1:5]
s = socket.socket(socket.AF_INET6 if ":" in source else socket.AF_INET, socket.SOCK_STREAM)
s.settimeout(float(limit))
try:
    s.bind((source, 0))
except OSError:
    print("no-address")
    sys.exit()
own = s.getsockname()[1]
try:
    s.connect((destination, int(port)))
    answer = "connected"
except socket.timeout:
    answer = "timed-out"
except OSError as error:
    answer = "refused" if error.errno == errno.ECONNREFUSED else "timed-out" if error.errno == errno.ETIMEDOUT else "unreachable"
print(answer, own)
'
# shellcheck disable=SC2016 # for perl
try_perl='
use strict; use warnings; use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6 unpack_sockaddr_in6); use Fcntl; use Errno qw(EINPROGRESS ECONNREFUSED ETIMEDOUT);
my ($source, $destination, $port, $limit) = @ARGV;
my $six = $source =~ /:/;
my $at = sub { $six ? pack_sockaddr_in6($_[1], inet_pton(AF_INET6, $_[0])) : pack_sockaddr_in($_[1], inet_pton(AF_INET, $_[0])) };
socket(my $s, $six ? AF_INET6 : AF_INET, SOCK_STREAM, 0) or exit 1;
if (!bind($s, $at->($source, 0))) { print "no-address\n"; exit }
my ($own) = $six ? unpack_sockaddr_in6(getsockname($s)) : unpack_sockaddr_in(getsockname($s));
fcntl($s, F_SETFL, O_NONBLOCK) or exit 1;
my $error = 0;
if (!connect($s, $at->($destination, $port))) {
  $error = $! + 0;
  if ($error == EINPROGRESS) {
    vec(my $ready = "", fileno($s), 1) = 1;
    $error = select(undef, $ready, undef, $limit) ? unpack("i", getsockopt($s, SOL_SOCKET, SO_ERROR)) : ETIMEDOUT;
  }
}
print $error == 0 ? "connected" : $error == ECONNREFUSED ? "refused" : $error == ETIMEDOUT ? "timed-out" : "unreachable", " $own\n";
'
