import { rmSync, writeFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';

/** Keeps the names of the tests that run now in the file FIREBREAK_RUNNING, so that whoever ends a ring by its time limit can say what hung. */
export default class RunningReporter implements Reporter {
  readonly #path = process.env['FIREBREAK_RUNNING'];
  readonly #running = new Map<string, string>();

  onTestCaseReady(test: TestCase): void {
    this.#running.set(test.id, `${test.module.relativeModuleId} › ${test.fullName}`);
    this.#write();
  }

  onTestCaseResult(test: TestCase): void {
    this.#running.delete(test.id);
    this.#write();
  }

  onTestRunEnd(): void {
    if (this.#path !== undefined) rmSync(this.#path, { force: true });
  }

  #write(): void {
    if (this.#path !== undefined) writeFileSync(this.#path, [...this.#running.values()].join('\n'));
  }
}
