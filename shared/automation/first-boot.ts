/** Where an image keeps the agent until its first boot, and a machine its own part. Neither holds an identity that two machines could share. */
export const SEED_DIR = '/var/lib/firebreak-seed';
export const FIRST_BOOT_UNIT = 'firebreak-first-boot.service';
export const AGENT_TEXT = 'agent.tar.gz.b64';

/** One machine's own part. Each field is of a closed set of characters. `addresses`: those by which other hosts' rules know it; never empty. */
export type SeedOrder = { readonly push: string; readonly host: string; readonly name: string; readonly by: string; readonly bundle: string; readonly signer: string; readonly addresses: readonly string[] };

export const printSeedOrder = ({ push, host, name, by, bundle, signer, addresses }: SeedOrder): string =>
  `push=${push}\nhost=${host}\nname=${name}\nby=${by}\nbundle=${bundle}\nsigner=${signer}\naddresses=${addresses.join(' ')}\n`;

/**
 * Installs the agent, loads the machine's rules and confirms them itself: nobody else is there yet, and a new machine that took its rules back would be open. What it cannot prove from the inside, that a console gets in, is held
 * before: no rules are made that let none in.
 */
export const FIRST_BOOT_SCRIPT = `#!/bin/sh
# Firebreak, at a machine's first boot: installs the agent from ${SEED_DIR}, loads the signed rules that were made for this machine, and takes the folder away.
# usage: first-boot.sh [FOLDER [SECONDS TO WAIT FOR AN ADDRESS]]
# Refuses a machine that has none of the addresses that the rules were made for, so that a copy does not become the same host. Run again, it does what is left.
set -u
umask 077
TZ=UTC LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin
export TZ LC_ALL PATH
unset IFS CDPATH ENV BASH_ENV POSIXLY_CORRECT

seed_dir=\${1:-${SEED_DIR}} wait_s=\${2:-60}
agent=/usr/local/sbin/firebreak-agent

say() { printf 'firebreak-first-boot: %s\\n' "$1" >&2; }
stop() {
  say "$1"
  exit 1
}
get() { sed -n "s/^$1=//p" "$seed_dir/order" | head -n 1; }
own_addresses() { ip -o addr show 2>/dev/null | awk '{ sub(/\\/.*/, "", $4); print $4 }'; }
is_that_machine() {
  for address in $addresses; do
    if own_addresses | grep -qxF "$address"; then return 0; fi
  done
  return 1
}
says() { "$agent" status 2>/dev/null | grep -qF "$1"; }

[ "$(id -u)" = 0 ] || stop 'it must be run as root'
[ -f "$seed_dir/order" ] || stop "$seed_dir/order is missing: nothing says which machine this is, so nothing was installed"
push=$(get push) host=$(get host) by=$(get by) bundle=$(get bundle) signer=$(get signer) addresses=$(get addresses)

# A lease may take a moment.
tries=0
until is_that_machine; do
  tries=$((tries + 1))
  [ "$tries" -le "$wait_s" ] || stop "this machine has none of these addresses: $addresses; so it is another than $(get name), and nothing was installed"
  sleep 1
done

if [ -x "$agent" ]; then
  says "\\"hostId\\":\\"$host\\"" || stop 'the image has an agent of another host: take it out before the image is made (firebreak agent uninstall)'
else
  scratch=$(mktemp -d /run/firebreak-first-boot.XXXXXX) || stop 'no folder can be made in /run'
  trap 'rm -rf "$scratch"' EXIT
  trap 'exit 1' HUP INT TERM
  { base64 -d "$seed_dir/${AGENT_TEXT}" >"$scratch/agent.tar.gz" && tar -xzf "$scratch/agent.tar.gz" -C "$scratch"; } || stop 'the agent cannot be unpacked'
  sh "$scratch/install.sh" --host-id "$host" --signer "$signer" <"$seed_dir/observe.nft" >/dev/null || stop 'the agent was not installed; this machine has no rules'
fi

if ! says "\\"confirmedBundle\\":\\"$bundle\\""; then
  "$agent" apply --id "$push" --by "$by" --confirm-within 60 <"$seed_dir/bundle.nft" >/dev/null || stop 'its rules were not loaded; it only observes until the next push'
  "$agent" confirm "$push" >/dev/null || stop 'its rules were not confirmed, and are taken back within a minute; it only observes until the next push'
fi
rm -rf "$seed_dir"
say "$(printf 'this machine is %s and runs its rules' "$host")"
`;

/** Before sshd, and after what brings the machine's own part. Without that part it does not run: an image by itself is no host. */
export const FIRST_BOOT_SERVICE = `# Made by: firebreak agent image. Gone from use with ${SEED_DIR}.
[Unit]
Description=Firebreak: the agent and this machine's own rules, at its first boot
ConditionPathExists=${SEED_DIR}/order
After=cloud-init.service cloud-init-network.service
Before=ssh.service sshd.service

[Service]
Type=oneshot
ExecStart=/bin/sh ${SEED_DIR}/first-boot.sh
TimeoutStartSec=600

[Install]
WantedBy=multi-user.target
`;
