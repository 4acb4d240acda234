# stdin: SSH_CONNECTION. Prints the facts' ssh member, null when it is not one.
NR == 1 && NF == 4 && $1 ~ /^[0-9a-fA-F:.]+$/ && $3 ~ /^[0-9a-fA-F:.]+$/ && $4 ~ /^[0-9]+$/ && length($1) <= 45 && length($3) <= 45 {
  printf "{\"clientAddress\":\"%s\",\"serverAddress\":\"%s\",\"serverPort\":%d}", $1, $3, $4
  found = 1
}
END { if (!found) printf "null" }
