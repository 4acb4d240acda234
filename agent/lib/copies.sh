# Second copies in another folder of what the rules after a reboot depend on, so that no single file or folder is one whose loss opens or
# locks the host. Needs the lock where it writes.
# shellcheck shell=sh disable=SC2154,SC2034

# After each change of confirmed.nft: the rules of last resort and the second copies. Non-zero when the disk refuses.
keep_copies() {
  failsafe_bundle "$confirmed_path" | put_file "$failsafe_path" || return 1
  mkdir -p "$config_dir" 2>/dev/null
  put_file "$confirmed_copy_path" <"$confirmed_path" || return 1
  [ ! -s "$signers_path" ] || [ -s "$signers_copy_path" ] || put_file "$signers_copy_path" <"$signers_path" || return 1
  [ ! -f "$observe_path" ] || cmp -s "$observe_path" "$observe_copy_path" || put_file "$observe_copy_path" <"$observe_path"
}

# The id that this host has: from its file, else from the rules that were confirmed.
known_host_id() {
  known_id=''
  { read -r known_id <"$host_id_path"; } 2>/dev/null
  [ -n "$known_id" ] || known_id=$(bundle_header "$confirmed_path" host 2>/dev/null)
  [ -n "$known_id" ] || known_id=$(bundle_header "$confirmed_copy_path" host 2>/dev/null)
  [ -z "$known_id" ] || printf '%s\n' "$known_id"
}

# Puts right what is missing or broken and has a sound second copy. Prints the names of what was not as it was left, a space before each;
# nothing when all is well. Folders that are gone come back.
mend_copies() {
  for folder in "$state_dir" "$spool_dir" "$config_dir"; do
    if [ -d "$folder" ]; then continue; fi
    printf ' %s' "$folder"
    mkdir -p "$folder" && chmod 700 "$folder"
  done
  mend_pair "$confirmed_path" "$confirmed_copy_path"
  mend_pair "$observe_path" "$observe_copy_path"
  if [ -f "$confirmed_path" ] && [ ! -s "$failsafe_path" ]; then
    printf ' %s' "$failsafe_path"
    failsafe_bundle "$confirmed_path" | put_file "$failsafe_path"
  fi
  mend_identity
}

# Whether file $1 is the one that was confirmed, byte for byte. `confirmed_file` has one hash, and two while a confirmation is under way.
# Where an install that brought a policy was cut, what it put there counts; a state without the hash is from before it was kept, or was lost.
is_as_confirmed() {
  confirmed_hashes=$(state_get confirmed_file)
  if [ -z "$confirmed_hashes" ] || grep -q '^confirmed_file=' "$state_dir/installing/state" 2>/dev/null; then return 0; fi
  case " $confirmed_hashes " in *" $(file_hash "$1") "*) ;; *) return 1 ;; esac
}

# For the state: the hash that is kept, that of file $1 where there is none yet.
confirmed_file_known() { known_file=$(state_get confirmed_file); printf 'confirmed_file=%s\n' "${known_file:-$(file_hash "$1")}"; }

# Before file $1 becomes the confirmed policy: from here on either is taken for it. Non-zero when only memory could take that.
confirmed_begin() {
  if [ -f "$confirmed_path" ] && is_as_confirmed "$confirmed_path"; then begin_former=$(file_hash "$confirmed_path"); else begin_former=$(state_get confirmed_file | sed 's/ .*//'); fi
  state_set "confirmed_file=$begin_former $(file_hash "$1")"
}

# The confirmed policy and its copy, for the ladder; the copy alone where the other was replaced. Paths of ours, without spaces.
confirmed_rungs() {
  if confirmed_was_replaced; then echo "$confirmed_copy_path"; else echo "$confirmed_path $confirmed_copy_path"; fi
}

# Whether somebody put another whole policy in the place of the confirmed one. Its copy tells.
confirmed_was_replaced() { copy_sound "$confirmed_path" && copy_sound "$confirmed_copy_path" && ! is_as_confirmed "$confirmed_path" && is_as_confirmed "$confirmed_copy_path"; }

# $1 and its copy $2. A copy that is missing or another sound text is what an install, a full disk or a power cut left: no tampering.
mend_pair() {
  cmp -s "$1" "$2" && return 0
  if [ "$1" = "$confirmed_path" ] && confirmed_was_replaced; then
    printf ' %s' "$1"
    put_file "$1" <"$2"
  elif copy_sound "$1"; then
    [ ! -f "$2" ] || [ "$(bundle_body_hash "$2")" = "$(bundle_header "$2" hash)" ] || printf ' %s' "$2"
    put_file "$2" <"$1"
  elif copy_sound "$2"; then
    printf ' %s' "$1"
    put_file "$1" <"$2"
  else
    printf ' %s' "$1"
  fi
}

copy_sound() { [ -f "$1" ] && [ -z "$(bundle_fault "$1")" ]; }

# The id from the rules that were confirmed for it; the pinned key, where it and its copy differ, as the one that signed the program:
# where neither is proved to have (no ssh-keygen), both stay as they are.
mend_identity() {
  if [ ! -s "$host_id_path" ] && [ -n "$(known_host_id)" ]; then
    printf ' %s' "$host_id_path"
    known_host_id | put_file "$host_id_path"
  fi
  if cmp -s "$signers_path" "$signers_copy_path"; then return 0; fi
  if [ ! -s "$signers_copy_path" ] || { [ -s "$signers_path" ] && is_signer "$signers_path"; }; then
    put_file "$signers_copy_path" <"$signers_path"
    return
  fi
  printf ' %s' "$signers_path"
  if [ ! -s "$signers_path" ] || is_signer "$signers_copy_path"; then put_file "$signers_path" <"$signers_copy_path"; fi
}

# Whether what mend_copies found has been mended: both policies are whole, and there is one key.
copies_are_mended() {
  copy_sound "$confirmed_path" && copy_sound "$observe_path" || return 1
  { [ ! -s "$signers_path" ] && [ ! -s "$signers_copy_path" ]; } || cmp -s "$signers_path" "$signers_copy_path"
}

# Whether the key in file $1 signed a program that lies here.
is_signer() { manifest_is_signed "$program_dir" "$1" || manifest_is_signed "$spare_dir" "$1"; }
