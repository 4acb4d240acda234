# Lines `SEQ AT COMMAND EXIT CPU_MS WALL_MS PEAK_BYTES SENT_BYTES` → JSON lines. A line that a power cut tore is passed over.
NF == 8 && $1 + 0 > after + 0 && $1 ~ /^[0-9]+$/ && $2 ~ /^[0-9]+$/ && $3 ~ /^[a-z-]+$/ && $4 ~ /^[0-9]+$/ && $5 ~ /^[0-9]+$/ && $6 ~ /^-?[0-9]+$/ && $7 ~ /^([0-9]+|-)$/ && $8 ~ /^([0-9]+|-)$/ {
  printf "{\"v\":1,\"seq\":%s,\"at\":%s,\"command\":\"%s\",\"exit\":%s,\"cpuMs\":%s,\"wallMs\":%s,\"peakBytes\":%s,\"sentBytes\":%s}\n", $1, $2, $3, $4, $5, ($6 < 0 ? 0 : $6), ($7 == "-" ? "null" : $7), ($8 == "-" ? "null" : $8)
}
