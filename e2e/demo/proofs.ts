/** What the demo claims, with what was seen. The demo fails when any claim is not proven, and when fewer were tried than expected. */
export class Proofs {
  readonly #rows: { claim: string; seen: string; proven: boolean }[] = [];

  record(claim: string, proven: boolean, seen: string): void {
    this.#rows.push({ claim, seen, proven });
    console.log(`${proven ? '  ✔' : '  ✘'} ${claim}: ${seen}`);
  }

  get allProven(): boolean {
    return this.#rows.length > 0 && this.#rows.every((row) => row.proven);
  }

  print(): void {
    const width = Math.max(...this.#rows.map((row) => row.claim.length));
    console.log('\nWhat was proven');
    for (const row of this.#rows) console.log(`  ${row.proven ? 'proven    ' : 'NOT PROVEN'}  ${row.claim.padEnd(width)}  ${row.seen}`);
    console.log(`${this.#rows.filter((row) => row.proven).length} of ${this.#rows.length} proven`);
  }
}
