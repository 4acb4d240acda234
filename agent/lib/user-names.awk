# passwd lines → "UID":"NAME" members.
$3 ~ /^[0-9]+$/ && !($3 in seen) {
  seen[$3] = 1
  printf "%s\"%s\":%s", (n++ ? "," : ""), $3, json_string($1, 255)
}
