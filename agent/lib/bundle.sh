# Bundles: reading, checking, taking apart. The format is in agent/README.md.
# shellcheck shell=sh disable=SC2154,SC2034

# Header value $2 of bundle $1 (host, policy, mode, zone, console, sshport, hash), or nothing. Lines below `# hash` do not count.
bundle_header() {
  awk -v key="$2" '!/^# / { exit }
    $2 == key { sub(/^# [a-z]+ ?/, ""); if ($0 ~ /^[A-Za-z0-9_.: \/-]*$/) print; exit }
    $2 == "hash" { exit }' "$1"
}

# The signature is a block of comment lines at the end, so that a bundle loads as it is; everything before it is signed.
bundle_unsigned() { sed '/^# -----BEGIN SSH SIGNATURE-----$/,$d' "$1"; }
bundle_signature() { sed -n '/^# -----BEGIN SSH SIGNATURE-----$/,$p' "$1"; }

# sha256 of everything below the hash line of $1 and above the signature.
bundle_body_hash() { sed -e '1,/^# hash /d' -e '/^# -----BEGIN SSH SIGNATURE-----$/,$d' "$1" | sha256sum | cut -d ' ' -f 1; }

# The highest number that was loaded here; with $1, at least that of bundle $1. The confirmed file counts too, should the state be lost, and that of the last install: whoever
# has a copy of it must not be able to apply it, and so open the host.
last_bundle_seq() {
  { state_get bundle_seq; bundle_header "$confirmed_path" seq 2>/dev/null; bundle_header "$observe_path" seq 2>/dev/null; [ $# -eq 0 ] || bundle_header "$1" seq; echo 0; } | grep -x '[0-9]\{1,15\}' | sort -n | tail -n 1
}

# Why bundle $1 must not be loaded here, in words; nothing when its form is right. Does not ask nft.
bundle_fault() {
  [ "$(head -n 1 "$1" | tr -d '\000')" = '# firebreak bundle 1' ] || { echo 'not a bundle that this agent knows (first line)'; return; }
  [ "$(wc -c <"$1")" -le "$bundle_max_bytes" ] || { echo "larger than $bundle_max_bytes bytes"; return; }
  bundle_claims=$(bundle_header "$1" hash)
  [ -n "$bundle_claims" ] || { echo 'the header has no hash'; return; }
  [ "$(bundle_body_hash "$1")" = "$bundle_claims" ] || { echo 'the hash in the header is not that of the text: truncated or changed'; return; }
  if bundle_signature "$1" | grep -qv '^# [A-Za-z0-9+/= -]*$'; then echo 'text follows the signature'; return; fi
  bundle_host=$(bundle_header "$1" host)
  [ "$bundle_host" = "$(known_host_id)" ] || { echo "made for host $bundle_host, not for this one"; return; }
  case $(bundle_header "$1" mode) in observe | test | enforce | failsafe) ;; *) echo 'the header has no known mode'; return ;; esac
  awk -f "$lib_dir/bundle-scope.awk" "$1"
}

# Names of what bundle $1 declares, as "KIND NAME" lines.
bundle_objects() { sed -n 's/^[[:space:]]*\(set\|chain\|map\|counter\|quota\|limit\) \([A-Za-z0-9_]*\) {.*$/\1 \2/p' "$1" | sort -u; }

# Splits bundle $1 into $scratch/phase1 and $scratch/phase2.
bundle_split() {
  awk -v one="$scratch/phase1" -v two="$scratch/phase2" '
    /^# --- phase 2/ { second = 1 }
    { print > (second ? two : one) }' "$1"
}

# Copies stdin to $1, at most one byte more than a bundle may have.
bundle_receive() { head -c "$((bundle_max_bytes + 1))" >"$1" || fail 7 DISK_FULL "$1 cannot be written"; }

# Checks bundle $1 in full; ends with exit 3 when it must not be loaded. Changes nothing.
require_good_bundle() {
  fault=$(bundle_fault "$1")
  [ -z "$fault" ] || fail 3 BUNDLE_REFUSED "$fault"
  nft_ -c -f "$1" >"$scratch/nft-error" 2>&1 || fail 3 NFT_REFUSED "$(nft_error)"
}

# What nft said last, short and without the scratch path.
nft_error() { sed "s|$scratch/[a-z0-9-]*|bundle|" "$scratch/nft-error" | head -c 1500; }
