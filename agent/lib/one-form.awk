# An address a line → its one form; a line that is none gives none.
from_text($1) != "" { print from_text($1) }
