# Signatures: whose bundles and whose program this host takes. The key of one workspace is pinned at the install.
# shellcheck shell=sh disable=SC2154,SC2034

# Prints the allowed_signers line (ssh-keygen(1), ALLOWED SIGNERS) for public key $1.
signer_line() { printf 'firebreak namespaces="firebreak-bundle,firebreak-agent" %s\n' "$1"; }

# Whether the signature in file $2 is over stdin, in namespace $3, by the key in file $1. Words in $scratch/signature-error.
signature_holds() { timeout 20 ssh-keygen -Y verify -f "$1" -I firebreak -n "$3" -s "$2" >/dev/null 2>"$scratch/signature-error"; }

require_ssh_keygen() { command -v ssh-keygen >/dev/null 2>&1 || fail 6 TOOL_MISSING ssh-keygen; }

# Ends with exit 3 unless received bundle $1 is signed by the key in file $2. A host without a pinned key takes any.
require_signed_bundle() {
  [ -s "$2" ] || return 0
  require_ssh_keygen
  bundle_signature "$1" >"$scratch/signature"
  [ -s "$scratch/signature" ] || fail 3 SIGNATURE_REFUSED 'the bundle is not signed'
  bundle_unsigned "$1" | signature_holds "$2" "$scratch/signature" firebreak-bundle ||
    fail 3 SIGNATURE_REFUSED "not signed by the key that is pinned here ($(one_line "$(cat "$scratch/signature-error")" 300))"
}

# Ends with exit 3 unless received bundle $1 may be loaded now: signed, and newer than all that were loaded here.
require_trusted_bundle() {
  if [ ! -s "$signers_path" ]; then
    # Whoever takes the key away must not make the host take anything: verify puts it back.
    [ ! -s "$signers_copy_path" ] || fail 3 SIGNATURE_REFUSED "the pinned key is missing ($signers_path): run verify"
    return 0
  fi
  require_signed_bundle "$1" "$signers_path"
  bundle_read "$1"
  trusted_seq=$b_seq
  case $trusted_seq in '' | *[!0-9]* | ????????????????*) fail 3 BUNDLE_REPLAYED 'the bundle has no number' ;; esac
  [ "$trusted_seq" -gt "$(last_bundle_seq)" ] || fail 3 BUNDLE_REPLAYED "the bundle has number $trusted_seq, and $(last_bundle_seq) was loaded here already"
}

# Ends with exit 3 unless MANIFEST of folder $1 is signed by the key in file $2.
require_signed_manifest() {
  [ -s "$2" ] || return 0
  require_ssh_keygen
  manifest_is_signed "$1" "$2" || fail 3 SIGNATURE_REFUSED 'MANIFEST is not signed by the key of this workspace'
}

manifest_is_signed() { [ -f "$1/MANIFEST.sig" ] && signature_holds "$2" "$1/MANIFEST.sig" firebreak-agent <"$1/MANIFEST"; }
