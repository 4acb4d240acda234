# "NAME<tab>STATE" lines → the facts' firewalls array.
BEGIN { printf "[" }
NF >= 1 && n < 64 { printf "%s{\"name\":%s,\"state\":%s}", (n++ ? "," : ""), json_string($1, 64), json_string($2, 64) }
END { printf "]" }
