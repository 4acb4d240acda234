#!/bin/sh
# Usage: sh build/with-setup.sh node SCRIPT [ARG...]
#
# Makes sure that node_modules is what package-lock.json says, then becomes the pinned Node with SCRIPT (a path from the
# repository's root, or absolute). Everything that it says goes to stderr, so that stdout is SCRIPT's alone.
# Safe to start several times at once: one installs, the others wait.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
node="$root/node_modules/.bin/node"
lock="$root/.cache/setup.lock"

say() { printf 'firebreak set-up: %s\n' "$*" >&2; }

# Prints why node_modules is not right; nothing when it is. A Node that does not even start is a reason too.
stale_reason() {
  if [ ! -d "$root/node_modules" ]; then
    echo 'node_modules is missing'
  elif ! "$node" -e '' >/dev/null 2>&1; then
    echo 'the pinned Node is missing'
  else
    "$node" "$root/build/scripts/setup-state.cjs" || true
  fi
}

# mkdir is the lock (macOS has no flock); a holder that died is recognised by its process id.
take_lock() {
  mkdir -p "$root/.cache" || { say "cannot write in $root; give this user write permission there, or clone again as this user."; exit 1; }
  told=no
  until mkdir "$lock" 2>/dev/null; do
    holder=$(cat "$lock/pid" 2>/dev/null || true)
    if [ -n "$holder" ] && ! ps -p "$holder" >/dev/null 2>&1; then
      rm -rf "$lock"
      continue
    fi
    [ "$told" = yes ] || say "waiting for another set-up of this clone (process ${holder:-unknown}; if there is none, remove $lock)"
    told=yes
    sleep 1
  done
  echo $$ >"$lock/pid"
  trap 'rm -rf "$lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# Runs a command with its output kept in a file; says every 10 s that it still runs.
with_heartbeat() {
  "$@" >"$root/.cache/setup.log" 2>&1 </dev/null &
  child=$!
  # shellcheck disable=SC2064 # the id as it is now
  trap "kill $child 2>/dev/null || true; wait $child || true; rm -rf '$lock'" EXIT
  seconds=0
  while kill -0 "$child" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    [ $((seconds % 10)) -ne 0 ] || say "still installing (${seconds} s)"
  done
  status=0
  wait "$child" || status=$?
  trap 'rm -rf "$lock"' EXIT
  return "$status"
}

# Install scripts stay off: npm before 11.16 knows no allowScripts and would compile what we do not use.
# The package `node` is the one that needs its script (it fetches the binary for this machine).
install_packages() {
  cd "$root" || return 1
  borrow_node || return 1
  stoppable npm ci --ignore-scripts --no-audit --no-fund || return 1
  cd node_modules/node || return 1
  stoppable node installArchSpecificPackage.js || return 1
  ln -sf ../node/bin/node ../.bin/node
  rm -rf "$root/.cache/node"
}

# npm leaves out optional packages (the native parts of our tools) whose `engines` the Node that it runs on does not meet,
# without a word. Debian 12 and Ubuntu 24.04 have Node 18, so npm is run on the Node that the lock file names.
borrow_node() {
  # shellcheck disable=SC2016 # JavaScript
  wanted=$(node -p 'const d = process.platform === "darwin" && process.arch === "arm64";
    const v = require("./package-lock.json").packages["node_modules/node"].version;
    +process.versions.node.split(".")[0] >= 22 ? "" : [d ? "node-bin" : "node", process.platform, process.arch].join("-") + "@" + v') || return 1
  [ -n "$wanted" ] || return 0
  mkdir -p .cache/node && echo '{"private":true}' >.cache/node/package.json || return 1
  stoppable npm install --prefix .cache/node --no-save --ignore-scripts --no-audit --no-fund "$wanted" || return 1
  PATH="$root/.cache/node/node_modules/${wanted%@*}/bin:$PATH"
  export PATH
}

# A shell runs its traps only between commands; waiting instead lets a Ctrl-C here end npm too. KILL, because npm goes
# on unpacking after a TERM; what it leaves has no .package-lock.json and is seen as stale.
stoppable() {
  "$@" &
  command=$!
  trap 'kill -KILL "$command" 2>/dev/null; exit 143' TERM
  wait "$command"
}

explain_failure() {
  tail -n 15 "$root/.cache/setup.log" >&2
  if grep -Eq 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network' "$root/.cache/setup.log"; then
    say 'the npm registry cannot be reached. Connect this machine, or set the registry (npm config set registry URL) or proxy, and run the command again.'
  else
    say "npm ci failed; the whole log is $root/.cache/setup.log. Mend what it says, and run the command again."
  fi
}

ensure_packages() {
  reason=$(stale_reason)
  [ -n "$reason" ] || return 0
  command -v npm >/dev/null 2>&1 || { say 'npm is missing. Install Node 18 or newer with npm (Debian, Ubuntu: apt-get install npm), and run the command again.'; exit 1; }
  take_lock
  reason=$(stale_reason)
  if [ -n "$reason" ]; then
    say "$reason; installing the packages of package-lock.json (once, about a minute)"
    with_heartbeat install_packages || { explain_failure; exit 1; }
    reason=$(stale_reason)
    [ -z "$reason" ] || { say "npm ci ended, but $reason; the log is $root/.cache/setup.log."; exit 1; }
    say 'packages are in place'
  fi
  rm -rf "$lock"
  trap - EXIT INT TERM HUP
}

if [ "${1:-}" != node ] || [ -z "${2:-}" ]; then
  echo 'usage: sh build/with-setup.sh node SCRIPT [ARG...]' >&2
  exit 2
fi
shift
script=$1
shift
case $script in
  /*) ;;
  *) script="$root/$script" ;;
esac
ensure_packages
exec "$node" "$script" "$@"
