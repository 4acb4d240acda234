/** Bytes received so far, at most `limitBytes`. One growing buffer: a hostile peer's million one-byte packets cost no more than their bytes. */
export class BoundedBytes {
  readonly #limitBytes: number;
  #buffer = Buffer.alloc(4096);
  #length = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get lengthBytes(): number {
    return this.#length;
  }

  /** False when `chunk` would exceed the limit; then nothing of it is kept. */
  append(chunk: Buffer): boolean {
    const needed = this.#length + chunk.length;
    if (needed > this.#limitBytes) return false;
    if (needed > this.#buffer.length) {
      const grown = Buffer.alloc(Math.min(Math.max(needed, 2 * this.#buffer.length), Math.max(this.#limitBytes, needed)));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    chunk.copy(this.#buffer, this.#length);
    this.#length = needed;
    return true;
  }

  /** As UTF-8; what is not valid becomes U+FFFD. */
  text(): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#buffer.subarray(0, this.#length));
  }
}
