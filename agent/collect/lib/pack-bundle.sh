# One bundle: what lies in $scratch/bundle, a manifest with the sha256 of each file, the signature over the manifest, as one tar.gz.
# shellcheck shell=sh disable=SC2154,SC2034

# write_bundle KIND FOLDER: sets bundle_path. The file appears whole by one rename.
write_bundle() {
  bundle_id=$(od -An -N16 -tx1 /dev/urandom 2>/dev/null | tr -dc '0-9a-f')
  [ ${#bundle_id} -eq 32 ] || bundle_id=$(head -c 64 /dev/urandom | sha256sum | cut -c 1-32)
  print_manifest "$1" >"$scratch/manifest.json"
  bundle_parts='manifest.json'
  case $seal_kind in
    ssh) seal_with ssh "$scratch/manifest.json" "$scratch/manifest.json.sig" || stop 1 'ssh-keygen could not sign'; bundle_parts="$bundle_parts manifest.json.sig" ;;
    openssl) seal_with openssl "$scratch/manifest.json" "$scratch/manifest.json.ed25519" || stop 1 'openssl could not sign'; bundle_parts="$bundle_parts manifest.json.ed25519" ;;
  esac
  for part in $bundle_parts; do mv "$scratch/$part" "$scratch/bundle/$part" || stop 7 "$scratch cannot be written"; done
  for part in "$scratch"/bundle/*; do
    case ${part##*/} in manifest.json*) ;; *) bundle_parts="$bundle_parts ${part##*/}" ;; esac
  done
  mkdir -p "$2" || stop 7 "$2 cannot be made; is the stick mounted read-only?"
  bundle_path=$2/$(file_name)
  if ! put_bundle 2>"$scratch/tar-error"; then
    rm -f "$bundle_path.part"
    stop 7 "$bundle_path cannot be written: $(head -c 300 "$scratch/tar-error")"
  fi
  sync
}

# A pipe tells only how its last part ended, so the tar is made first. The name can be guessed, and --out may be a folder of everybody's: a link that lies there
# under it is not written through.
put_bundle() {
  # shellcheck disable=SC2086 # names are ours, one word each
  tar -cf "$scratch/bundle.tar" -C "$scratch/bundle" $bundle_parts && (set -C && gzip -c "$scratch/bundle.tar" >"$bundle_path.part") && gzip -t "$bundle_path.part" && mv "$bundle_path.part" "$bundle_path"
}

print_manifest() {
  printf '{'
  json_members s:format firebreak-collection/1 s:kind "$1" s:id "$bundle_id" s:collector "$agent_version" n:clock "$(clock_s)" \
    s:hostname "$(head -c 255 /proc/sys/kernel/hostname)" s:machineId "$(head -c 64 /etc/machine-id 2>/dev/null)" b:root "$(is_root && echo true)" S:kit "$kit_id" s:seal "$seal_kind"
  printf ',"absences":'
  awk -F '\t' -f "$lib_dir/json.awk" -f "$lib_dir/kind-names.awk" "$scratch/absences"
  printf ',"files":{'
  manifest_comma=''
  for part in "$scratch"/bundle/*; do
    printf '%s"%s":"%s"' "$manifest_comma" "${part##*/}" "$(sha256sum <"$part" | cut -d ' ' -f 1)"
    manifest_comma=,
  done
  printf '}}\n'
}

# Fit for FAT, and for any name that a host has.
file_name() { printf '%s-%s.tar.gz' "$(plain_word 60 </proc/sys/kernel/hostname)" "$(date +%Y%m%dT%H%M%SZ)"; }
