# Two texts of kernel_text, `good` and the one on stdin: what lines the second has beyond the first (+) and lacks (-), each with its object.
function take(block, n, lines, i, name) {
  n = split(block, lines, "\001")
  name = lines[1]
  gsub(/^[ \t]+|[ \t]*\{.*$/, "", name)
  if (n == 1) { gsub(/[ \t]+/, " ", lines[1]); found[++count] = substr(lines[1], 2); return }
  sub(/\}$/, "", lines[n])
  for (i = 2; i <= n; i++) { gsub(/[ \t]+/, " ", lines[i]); found[++count] = name ":" lines[i] }
}
BEGIN {
  while ((getline line < good) > 0) take(line)
  for (i = 1; i <= count; i++) known[found[i]]++
  goods = count
}
{
  count = 0
  take($0)
  for (i = 1; i <= count; i++) if (known[found[i]] > 0) known[found[i]]--; else print "+" found[i]
}
END { for (line in known) for (i = 0; i < known[line]; i++) print "-" line }
