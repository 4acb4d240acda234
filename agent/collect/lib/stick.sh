# What every program on the stick needs: its own scratch folder, words for people, and what could not be read.
# shellcheck shell=sh disable=SC2154,SC2034

# Ends with code $1 and a sentence on stderr.
stop() {
  printf '%s: %s\n' "$tool_name" "$2" >&2
  exit "$1"
}

require_stick_tools() {
  for tool in awk sed grep head cut tr wc sha256sum gzip tar timeout mktemp find date uname id; do
    command -v "$tool" >/dev/null 2>&1 || stop 6 "this host has no $tool, without which no bundle can be made"
  done
}

# Not in the agent's folders, which a host without it must not get; in memory where that is possible. Gone when the process ends.
make_stick_scratch() {
  for stick_base in /run /dev/shm /tmp; do [ -d "$stick_base" ] && [ -w "$stick_base" ] && break; done
  scratch=$(mktemp -d "$stick_base/firebreak-stick.XXXXXX") || stop 7 "no folder can be made in $stick_base"
  trap 'exit 1' HUP INT TERM
  trap 'rm -rf "$scratch"' EXIT
  mkdir "$scratch/bundle" || stop 7 "$scratch cannot be written"
  : >"$scratch/absences"
  TMPDIR=$scratch
  export TMPDIR
}

# absence WHAT WHY: what the bundle does not have is said in it, so that nobody takes it for what the host does not have.
absence() { printf '%s\t%s\n' "$1" "$2" >>"$scratch/absences"; }

say_absences() { sed 's/^\(.*\)\t\(.*\)$/Not in it: \1: \2./' "$scratch/absences"; }

is_root() { [ "$(id -u)" = 0 ]; }

# The first $1 bytes of stdin as one word that fits a file name and a line: every other byte is _, as in the console.
plain_word() { head -c "$1" | tr -d '\n' | tr -c 'A-Za-z0-9._-' '_'; }
