# Signing with the key that lies on the stick. No secret is kept on the host: the key is copied into the scratch folder (memory, 0600), because ssh-keygen
# takes none that others could read, as all files of a FAT file system are; it goes with the scratch folder. Its holder is whoever holds the stick.
# shellcheck shell=sh disable=SC2154,SC2034

# Sets kit_id ('' where the stick has none) and seal_kind: ssh, openssl, or none with the reason among the absences.
find_seal() {
  seal_kind=none kit_id=''
  kit_id=$(sed -n 's/^id=\(k_[0-9a-f]\{12\}\)$/\1/p' "$stick_dir/kit/kit" 2>/dev/null | head -n 1)
  if [ -z "$kit_id" ] || [ ! -r "$stick_dir/kit/site-key" ]; then
    kit_id=''
    absence signature 'the stick has no key (kit/site-key)'
    return 0
  fi
  { cat "$stick_dir/kit/site-key" >"$scratch/site-key" && cat "$stick_dir/kit/site-key.pem" >"$scratch/site-key.pem"; } || stop 7 "$scratch cannot be written"
  printf 'x\n' >"$scratch/try"
  for kind in ssh openssl; do
    if seal_with "$kind" "$scratch/try" "$scratch/try.seal"; then
      seal_kind=$kind
      return 0
    fi
  done
  absence signature 'neither ssh-keygen (8.1 or newer) nor openssl (3.0 or newer) can sign on this host'
}

# seal_with KIND FILE SIGNATURE-FILE
seal_with() {
  case $1 in
    ssh) timeout 20 ssh-keygen -Y sign -f "$scratch/site-key" -n firebreak-collection <"$2" >"$3" 2>/dev/null && grep -q '^-----BEGIN SSH SIGNATURE-----$' "$3" ;;
    openssl) timeout 20 openssl pkeyutl -sign -rawin -inkey "$scratch/site-key.pem" -in "$2" -out "$3" >/dev/null 2>&1 && [ "$(wc -c <"$3")" -eq 64 ] ;;
    *) return 1 ;;
  esac
}

describe_seal() { if [ "$seal_kind" = none ]; then echo 'NOT signed: it is marked so wherever its data shows'; else echo "signed with the key of the stick, $kit_id"; fi; }
