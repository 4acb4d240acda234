# JSON output. Everything that a host can name passes through json.awk; nothing is pasted into JSON by the shell.
# shellcheck shell=sh disable=SC2154,SC2034

# Prints members without braces; see json-members.awk for the types. Values stay under the kernel's 128 KiB an argument.
json_members() { awk -f "$lib_dir/json.awk" -f "$lib_dir/json-members.awk" "$@"; }

# Prints one object and a newline.
json_object() {
  printf '{'
  json_members "$@"
  printf '}\n'
}

# Printable text of at most $2 bytes on one line, from arbitrary bytes.
one_line() { printf '%s' "$1" | tr -d '\000-\037\177' | cut -c "1-$2"; }

# Lines on stdin → a JSON array of strings, unique, at most $1 lines of at most $2 bytes.
json_lines() {
  awk -v max_lines="$1" -v max_bytes="$2" -f "$lib_dir/json.awk" -f "$lib_dir/json-lines.awk"
}
