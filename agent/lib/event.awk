# argv TYPE:NAME VALUE … → two lines: ` NAME=VALUE` each, texts quoted as in JSON, for the journal; and one JSON object for the file. -v seq, at, name.
BEGIN {
  for (i = 1; i + 1 < ARGC; i += 2) {
    type = substr(ARGV[i], 1, 1)
    key = substr(ARGV[i], 3)
    value = (type == "n") ? json_number(ARGV[i + 1]) : json_string(ARGV[i + 1], 1024)
    pairs = pairs " " key "=" value
    fields = fields (i > 1 ? "," : "") "\"" key "\":" value
  }
  printf "event=%s seq=%s%s\n", name, seq, pairs
  printf "{\"v\":1,\"seq\":%s,\"at\":%s,\"event\":%s,\"fields\":{%s}}\n", seq, at, json_string(name, 1024), fields
}
