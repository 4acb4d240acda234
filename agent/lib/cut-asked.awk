# stdin: what the console asks for, "PROTOCOL LOCAL PORT PEER PORT" a line. Prints it with addresses in their one form; ends with 1 at a line that is none, or at one too many.
function is_port(s) { return s ~ /^[0-9]+$/ && length(s) <= 5 && s + 0 > 0 && s + 0 <= 65535 }
NF != 5 || ($1 != "tcp" && $1 != "udp") || from_text($2) == "" || from_text($4) == "" || !is_port($3) || !is_port($5) || NR > max { bad = 1; exit 1 }
{ print $1, from_text($2), $3 + 0, from_text($4), $5 + 0 }
END { if (bad) exit 1 }
