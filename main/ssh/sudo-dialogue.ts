import type { SudoMarkers } from './sudo-command.ts';

/** What to do after a piece of stderr. `passOn`: the command's own stderr, without anything of sudo's. */
export type SudoStep = { action: 'wait' | 'send-password' | 'password-refused' | 'start'; passOn: Buffer };

const NOTHING = Buffer.alloc(0);
/** A lecture and a prompt are under 1 KiB; what talks more before it is ready is not sudo. */
const MAX_PREAMBLE_BYTES = 64 * 1024;

/**
 * Reads stderr of `sudoPasswordCommand` until the command runs. The password is asked for at most once: a second
 * prompt means that the first answer was wrong, and answering again would lock the account out. Pure but for its own state.
 */
export class SudoDialogue {
  readonly #markers: SudoMarkers;
  #preamble = NOTHING;
  #asked = false;
  #started = false;

  constructor(markers: SudoMarkers) {
    this.#markers = markers;
  }

  get started(): boolean {
    return this.#started;
  }

  /** Whether the password was asked for, and so sent. */
  get asked(): boolean {
    return this.#asked;
  }

  /** What sudo said before the command ran, without our markers: its lecture, its refusals. */
  get preamble(): string {
    return this.#preamble.toString('utf8').replaceAll(this.#markers.prompt, ' ');
  }

  feed(chunk: Buffer): SudoStep {
    if (this.#started) return { action: 'wait', passOn: chunk };
    this.#preamble = Buffer.concat([this.#preamble, chunk.subarray(0, MAX_PREAMBLE_BYTES - this.#preamble.length)]);
    const readyAt = this.#preamble.indexOf(this.#markers.ready);
    if (readyAt >= 0) {
      this.#started = true;
      const passOn = this.#preamble.subarray(readyAt + this.#markers.ready.length);
      this.#preamble = this.#preamble.subarray(0, readyAt);
      return { action: 'start', passOn };
    }
    const firstAt = this.#preamble.indexOf(this.#markers.prompt);
    if (firstAt < 0) return { action: 'wait', passOn: NOTHING };
    if (this.#preamble.indexOf(this.#markers.prompt, firstAt + 1) >= 0) return { action: 'password-refused', passOn: NOTHING };
    if (this.#asked) return { action: 'wait', passOn: NOTHING };
    this.#asked = true;
    return { action: 'send-password', passOn: NOTHING };
  }
}
