# The one way to end without success.
# shellcheck shell=sh

# fail EXIT CODE DETAIL [member pairs as in json_members]: one JSON document on stdout, the same in words on stderr, then exit.
fail() {
  fail_exit=$1 fail_code=$2 fail_detail=$3
  shift 3
  json_object n:v 1 s:error "$fail_code" s:detail "$fail_detail" "$@"
  printf 'firebreak-agent: %s: %s\n' "$fail_code" "$fail_detail" >&2
  exit "$fail_exit"
}

# The value that must follow an option. $1: option, $2: number of arguments left including it.
need_value() { [ "$2" -ge 2 ] || fail 2 USAGE "$1 needs a value"; }
