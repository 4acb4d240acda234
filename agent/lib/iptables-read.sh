# Reading back what iptables and ipset have of ours.
# shellcheck shell=sh disable=SC2154,SC2034

table_loaded() { xt_find_table; xt_ iptables -t "$xt_table" -S FB-IN >/dev/null 2>&1; }

# As over nft: a line for each chain and each policy set that rules ask for, sorted, without counters and without numbers of accounts.
kernel_text() {
  table_loaded || return 0
  for xt_program in $(xt_programs); do
    echo "@$xt_program"
    xt_ "$xt_program-save" -t "$xt_table" 2>/dev/null || echo @unreadable
  done >"$scratch/xt-saved"
  { cat "$scratch/xt-saved"; echo @sets; xt_ ipset save 2>/dev/null | grep ' fb_a[46]_' | sort; } | awk -f "$lib_dir/iptables-text.awk" | sort
}

# What is recorded, in the form in which nft lists it, for the parts that read that.
snapshot_table() {
  table_loaded || return 1
  { xt_ ipset save && echo @rules && for xt_program in $(xt_programs); do xt_ "$xt_program-save" -c -t "$xt_table" || exit 1; done; } >"$scratch/xt-recorded" 2>/dev/null || return 1
  awk -v part=heads -f "$lib_dir/iptables-recorded.awk" "$scratch/xt-recorded" >"$scratch/recorded"
  [ -s "$scratch/recorded" ]
}

list_sets() { awk -v part=sets -f "$lib_dir/iptables-recorded.awk" "$scratch/xt-recorded" && echo @complete; }
