# JSON text from bytes of any kind. Under LC_ALL=C every awk here counts bytes.
function json_init(   i) {
  if (json_ready) return
  for (i = 1; i < 256; i++) json_ord[sprintf("%c", i)] = i
  json_ready = 1
}

# A JSON string of at most `max` source bytes; bytes that are not UTF-8 become U+FFFD, control characters \u00XX.
function json_string(s, max,   n, i, c, code, need, low, high, j, out, ok) {
  if (length(s) > max) s = substr(s, 1, max)
  if (s !~ /["\\]/ && s !~ /[^ -~]/) return "\"" s "\""
  json_init()
  n = length(s)
  out = ""
  for (i = 1; i <= n; i++) {
    c = substr(s, i, 1)
    code = json_ord[c] + 0
    if (c == "\"" || c == "\\") { out = out "\\" c; continue }
    if (code < 32 || code == 127) { out = out sprintf("\\u%04x", code); continue }
    if (code < 128) { out = out c; continue }
    need = (code >= 194 && code <= 223) ? 1 : (code >= 224 && code <= 239) ? 2 : (code >= 240 && code <= 244) ? 3 : 0
    low = (code == 224) ? 160 : (code == 240) ? 144 : 128
    high = (code == 237) ? 159 : (code == 244) ? 143 : 191
    ok = need > 0 && i + need <= n
    for (j = 1; ok && j <= need; j++) {
      code = json_ord[substr(s, i + j, 1)] + 0
      if (code < low || code > high) ok = 0
      low = 128; high = 191
    }
    if (!ok) { out = out "\\ufffd"; continue }
    out = out substr(s, i, need + 1)
    i += need
  }
  return "\"" out "\""
}

# A JSON number from text; `null` where it is none.
function json_number(s) {
  return (s ~ /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/) ? s : "null"
}
