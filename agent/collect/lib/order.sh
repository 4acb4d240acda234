# The policy that lies on the stick for this machine. Which one is found by the machine's id and its name (clones share the id); that it may be loaded is for the agent to judge: signature, host id and number
# of the bundle, as over SSH.
# shellcheck shell=sh disable=SC2154,SC2034

agent_path=/usr/local/sbin/firebreak-agent

order_get() { sed -n "s/^$1=//p" "$order_dir/order" | head -n 1; }

# Sets order_dir, order_push, order_host, order_name, order_by.
find_order() {
  machine="$(plain_word 64 </etc/machine-id) $(plain_word 255 </proc/sys/kernel/hostname)"
  order_dir=''
  for order_file in "$stick_dir"/policy/*/order; do
    if grep -qxF "machine=$machine" "$order_file" 2>/dev/null; then order_dir=${order_file%/*}; fi
  done
  [ -n "$order_dir" ] || stop 3 "the stick has no policy for this machine ($machine); on the console: firebreak bundle export HOST --out STICK"
  order_push=$(order_get push) order_host=$(order_get host) order_name=$(order_get name) order_by=$(order_get by)
  printf '%s\n' "$order_push" | grep -qx 'p_[0-9a-z]\{12\}' || stop 3 "$order_dir/order names no push"
  printf '%s\n' "$order_host" | grep -qx 'h_[0-9a-z]\{12\}' || stop 3 "$order_dir/order names no host"
}

agent_status() { "$agent_path" status 2>"$scratch/agent-error"; }

# Installs from a copy in memory: a stick can be pulled out, and its files are anybody's. The agent's own installer verifies every file against the signed manifest.
ensure_agent() {
  if [ -x "$agent_path" ] && agent_status >"$scratch/status" && grep -qF "\"agentVersion\":\"$agent_version\"" "$scratch/status" && grep -qF "\"hostId\":\"$order_host\"" "$scratch/status"; then return 0; fi
  echo "Installing agent $agent_version; it only observes at first."
  order_signer=$(sed -n 's/^signer=\(ssh-ed25519 [A-Za-z0-9+/=]*\)$/\1/p' "$stick_dir/kit/kit" | head -n 1)
  [ -n "$order_signer" ] || stop 3 'kit/kit has no key of the console; make the stick again: firebreak bundle kit --out STICK'
  mkdir "$scratch/agent" "$scratch/agent/lib" "$scratch/agent/units" || stop 7 "$scratch cannot be written"
  sed -n 's/^[0-9a-f]\{64\}  \([A-Za-z0-9][A-Za-z0-9./-]*\)$/\1/p' "$home_dir/MANIFEST" | grep -v '\.\.' >"$scratch/agent-names"
  printf 'MANIFEST\nMANIFEST.sig\n' >>"$scratch/agent-names"
  while read -r agent_file; do
    cat "$home_dir/$agent_file" >"$scratch/agent/$agent_file" || stop 7 "$home_dir/$agent_file cannot be read"
  done <"$scratch/agent-names"
  cat "$order_dir/observe.nft" >"$scratch/observe.nft" || stop 7 "$order_dir/observe.nft cannot be read"
  sh "$scratch/agent/install.sh" --host-id "$order_host" --signer "$order_signer" <"$scratch/observe.nft" >"$scratch/installed" || stop 1 'the agent was not installed; the host is as it was'
}

# Loads, asks, and confirms or puts back. Sets order_outcome: confirmed or kept-former. Whatever ends this process, the host goes back by its own timer.
apply_order() {
  cat "$order_dir/bundle.nft" >"$scratch/order.nft" || stop 7 "$order_dir/bundle.nft cannot be read"
  "$agent_path" apply --id "$order_push" --by "$order_by" --confirm-within "$confirm_within_s" <"$scratch/order.nft" >"$scratch/applied" || stop 1 'the policy was not loaded; the host runs what it ran before'
  printf 'The new rules run now. They are taken back in %s seconds unless you confirm.\nTry what must work: log in once more, reach the services. Then type the word confirm (anything else takes them back now): ' "$confirm_within_s"
  order_word=''
  read -r order_word || :
  if [ "$order_word" = confirm ] && "$agent_path" confirm "$order_push" >"$scratch/confirmed"; then
    order_outcome=confirmed
    echo 'Confirmed: these rules stay, also after a restart.'
    return 0
  fi
  order_outcome=kept-former
  "$agent_path" rollback --id "$order_push" >"$scratch/rolled-back" 2>/dev/null || :
  echo 'Not confirmed: the host runs what it ran before.'
}

# What the host runs now, in its own words, as a bundle of kind `receipt`.
order_outcome=''
write_receipt() {
  [ -x "$agent_path" ] || stop 6 'no agent is installed here, so there is nothing to tell'
  agent_status >"$scratch/bundle/status.json" || stop 1 "the agent does not answer: $(head -c 300 "$scratch/agent-error")"
  printf '{' >"$scratch/bundle/order.json"
  json_members s:push "$order_push" s:host "$order_host" >>"$scratch/bundle/order.json"
  printf '}\n' >>"$scratch/bundle/order.json"
  write_bundle receipt "$stick_dir/receipts"
}
