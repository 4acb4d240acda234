import type { HostInside } from './host-inside.ts';
import { mustRun, runCommand } from './run-command.ts';

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

const COPY_TRIES = 30;

/**
 * A copy of a disk image while nothing of it was written: what a power cut leaves. The host's processes are frozen, but the kernel still writes back, and a copy that is torn by
 * that is a file system that no power cut leaves (journal of one moment, blocks of another). What the second reading finds unchanged was so at one moment. Throws when it never is.
 */
export async function copyOfOneMoment(imagePath: string, copyPath: string): Promise<void> {
  for (let tries = 0; tries < COPY_TRIES; tries += 1) {
    await mustRun(['cp', '--sparse=always', imagePath, copyPath]);
    const { code } = await runCommand(['cmp', '--silent', imagePath, copyPath]);
    if (code === 0) return;
  }
  throw new Error(`${imagePath} was written to during each of ${COPY_TRIES} copies`);
}
