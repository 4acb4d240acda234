# stdin: pairs that a console tries, "SOURCE DESTINATION PORT" a line, both of one family. Prints "FAMILY SOURCE DESTINATION PORT" with addresses
# in their one form; ends with 1 at a line that is none, at one too many, and without any.
function is_port(s) { return s ~ /^[0-9]+$/ && length(s) <= 5 && s + 0 > 0 && s + 0 <= 65535 }
function family(s) { return s ~ /:/ ? 6 : 4 }
NF != 3 || from_text($1) == "" || from_text($2) == "" || family($1) != family($2) || !is_port($3) || NR > max { bad = 1; exit 1 }
{ print family($1), from_text($1), from_text($2), $3 + 0 }
END { if (bad || NR == 0) exit 1 }
