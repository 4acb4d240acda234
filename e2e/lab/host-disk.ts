import type { HostInside } from './host-inside.ts';

const FILLER_PATH = '/var/tmp/.lab-filler';

/** Fills the disk of a host until this many bytes are free, rounded down to whole blocks of 4096. */
export async function fillHostDisk(host: HostInside, bytesLeft: number): Promise<void> {
  await host.run(['sh', '-c', FILL_SCRIPT, 'sh', String(bytesLeft), FILLER_PATH]);
}

export async function freeHostDisk(host: HostInside): Promise<void> {
  await host.run(['rm', '-f', FILLER_PATH]);
}

/** `$1` bytes left, `$2` the filler: allocated in one go, then in what small steps the file system still grants. */
const FILL_SCRIPT = `
for attempt in 1 2 3 4 5 6 7 8; do
  sync -f /
  excess=$(( $(stat -f -c '%a * %S' /) - $1 ))
  [ "$excess" -gt 0 ] || exit 0
  size=$(stat -c %s "$2" 2>/dev/null || echo 0)
  fallocate -o "$size" -l "$excess" "$2" 2>/dev/null || head -c "$excess" /dev/zero >>"$2" 2>/dev/null || :
done
`;
