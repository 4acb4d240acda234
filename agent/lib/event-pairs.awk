# argv TYPE:NAME VALUE … → ` NAME=VALUE` each; texts are quoted as in JSON.
BEGIN {
  for (i = 1; i + 1 < ARGC; i += 2)
    printf " %s=%s", substr(ARGV[i], 3), (substr(ARGV[i], 1, 1) == "n") ? json_number(ARGV[i + 1]) : json_string(ARGV[i + 1], 1024)
}
