# Lines → JSON array of strings; -v max_lines, max_bytes.
BEGIN { printf "[" }
$0 != "" && !($0 in seen) && n < max_lines {
  seen[$0] = 1
  printf "%s%s", (n++ ? "," : ""), json_string($0, max_bytes)
}
END { printf "]" }
