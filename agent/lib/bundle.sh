# Bundles: reading, checking, taking apart. The format is in agent/README.md.
# shellcheck shell=sh disable=SC2154,SC2034

# What this host takes; iptables.sh says otherwise.
bundle_first='# firebreak bundle 1' bundle_reader=bundle.awk

# Header value $2 of bundle $1 (host, policy, mode, zone, console, sshport, hash), or nothing. Lines below `# hash` do not count.
bundle_header() {
  awk -v key="$2" '!/^# / { exit }
    $2 == key { sub(/^# [a-z]+ ?/, ""); if ($0 ~ /^[A-Za-z0-9_.: \/-]*$/) print; exit }
    $2 == "hash" { exit }' "$1"
}

# The signature is a block of comment lines at the end, so that a bundle loads as it is; everything before it is signed.
bundle_unsigned() { sed '/^# -----BEGIN SSH SIGNATURE-----$/,$d' "$1"; }
bundle_signature() { sed -n -e '/^# -----BEGIN SSH SIGNATURE-----$/,${' -e 's/^# //' -e p -e '}' "$1"; }

# sha256 of file $1.
file_hash() {
  hash_line=$(sha256sum <"$1") && echo "${hash_line%% *}"
}

# sha256 of everything below the hash line of $1 and above the signature.
bundle_body_hash() {
  body_hash=$(sed -e '1,/^# hash /d' -e '/^# -----BEGIN SSH SIGNATURE-----$/,$d' "$1" | sha256sum)
  echo "${body_hash%% *}"
}

# The highest number that was loaded here; with $1, at least that of bundle $1. The confirmed file counts too, should the state be lost, and that of the last install: whoever
# has a copy of it must not be able to apply it, and so open the host.
last_bundle_seq() {
  state_read
  [ ! -f "$observe_path" ] || set -- "$@" "$observe_path"
  [ ! -f "$confirmed_path" ] || set -- "$@" "$confirmed_path"
  awk -v state="$st_bundle_seq" '
    function take(seq) { if (seq ~ /^[0-9]+$/ && length(seq) <= 15 && seq + 0 > highest + 0) highest = seq + 0 }
    FNR == 1 { head = 1 }
    !head || !/^# / { head = 0; next }
    $2 == "hash" { head = 0 }
    $2 == "seq" { if (NF == 3) take($3); head = 0 }
    END { take(state); printf "%.0f\n", highest }' "$@" </dev/null
}

# Reads all of bundle $1 at once: sets b_host, b_policy, b_mode, b_zone, b_console, b_sshport, b_hash and b_seq from its header (empty where it has none), b_fills to how many sets
# the host fills, and b_known, b_tail and b_scope for bundle_judge.
bundle_read() {
  bundle_parts=$(awk -v first="$bundle_first" -f "$lib_dir/bundle-head.awk" -f "$lib_dir/$bundle_reader" "$1" 2>/dev/null)
  {
    IFS= read -r b_known; IFS= read -r b_host; IFS= read -r b_policy; IFS= read -r b_mode; IFS= read -r b_zone; IFS= read -r b_console
    IFS= read -r b_sshport; IFS= read -r b_hash; IFS= read -r b_seq; IFS= read -r b_fills; IFS= read -r b_tail; IFS= read -r b_scope
  } <<EOF
$bundle_parts
EOF
  b_fills=${b_fills:-0}
}

# Why the first line of file $1 is not one that this host takes.
bundle_why_unknown() {
  why_first=''
  { IFS= read -r why_first <"$1"; } 2>/dev/null
  case ${backend_iptables-}$why_first in
    'yes# firebreak bundle 1') echo 'its rules are for nft, and this host works over iptables: nft is missing here or too old' ;;
    '# firebreak bundle 1 iptables') echo 'its rules are for iptables, and this host works over nft' ;;
    *) echo 'not a bundle that this agent knows (first line)' ;;
  esac
}

# Sets b_fault to why bundle $1 must not be loaded here, in words; empty when its form is right. Does not ask nft.
bundle_judge() {
  bundle_read "$1"
  if [ "$b_known" != yes ]; then b_fault=$(bundle_why_unknown "$1")
  elif [ "$(wc -c <"$1")" -gt "$bundle_max_bytes" ]; then b_fault="larger than $bundle_max_bytes bytes"
  elif [ -z "$b_hash" ]; then b_fault='the header has no hash'
  elif [ "$(bundle_body_hash "$1")" != "$b_hash" ]; then b_fault='the hash in the header is not that of the text: truncated or changed'
  elif [ -n "$b_tail" ]; then b_fault='text follows the signature'
  elif [ "$b_host" != "$(known_host_id)" ]; then b_fault="made for host $b_host, not for this one"
  else
    case $b_mode in observe | test | enforce | failsafe) b_fault=$b_scope ;; *) b_fault='the header has no known mode' ;; esac
  fi
}

bundle_fault() {
  bundle_judge "$1"
  [ -z "$b_fault" ] || printf '%s\n' "$b_fault"
}

# Splits bundle $1 into $scratch/phase1 and $scratch/phase2, and writes what it declares to $scratch/declared, as "KIND NAME" lines. Prints how many sets the host fills.
bundle_split() {
  awk -v one="$scratch/phase1" -v two="$scratch/phase2" -v declared="$scratch/declared" '
    BEGIN { printf "" > declared }
    /^# --- phase 2/ { second = 1 }
    !second && /^# fill [ugc]_/ { fills++ }
    /^[[:space:]]*(set|chain|map|counter|quota|limit) [A-Za-z0-9_]* \{/ { print $1, $2 > declared }
    { print > (second ? two : one) }
    END { print fills + 0 }' "$1"
}

# Copies stdin to $1, at most one byte more than a bundle may have.
bundle_receive() { head -c "$((bundle_max_bytes + 1))" >"$1" || fail 7 DISK_FULL "$1 cannot be written"; }

# Checks bundle $1 in full; ends with exit 3 when it must not be loaded. Changes nothing.
require_good_bundle() {
  bundle_judge "$1"
  [ -z "$b_fault" ] || fail 3 BUNDLE_REFUSED "$b_fault"
  nft_ -c -f "$1" >"$scratch/nft-error" 2>&1 || fail 3 NFT_REFUSED "$(nft_error)"
}

# What nft said last, short and without the scratch path.
nft_error() { sed "s|$scratch/[a-z0-9-]*|bundle|" "$scratch/nft-error" | head -c 1500; }
