import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LineProgram } from './run.ts';

const AGENT = new URL('../../agent/', import.meta.url).pathname;

/**
 * A shell inside the host namespace, with state folders of its own (tmpfs in a private mount namespace), that runs the real agent.
 * There is no systemd in there: the agent's fallback timer is the one in use. It is the agent of the moment that this is made: a shell reads its script
 * as it goes, so that an edit in the midst of a run of minutes would end it.
 */
export class AgentShell {
  readonly #shell: LineProgram;
  readonly #program = mkdtempSync(join(tmpdir(), 'firebreak-program-'));

  constructor(namespace: string) {
    cpSync(AGENT, this.#program, { recursive: true });
    const setUp = [
      'set -e',
      'mount --make-rprivate /',
      'for d in /var/lib/firebreak /etc/firebreak /run/firebreak; do mkdir -p $d; mount -t tmpfs none $d; done',
      'set +e',
      'while read -r line; do output=$(eval "$line" 2>&1); echo "$? $(printf %s "$output" | tr "\\n" " ")"; done',
    ].join('\n');
    this.#shell = new LineProgram(['ip', 'netns', 'exec', namespace, 'unshare', '-m', 'sh', '-c', setUp]);
  }

  /** Runs one line of shell; throws when it does not end with 0. */
  async run(line: string): Promise<string> {
    const answer = await this.#shell.ask(line);
    const [code, ...words] = answer.split(' ');
    if (code !== '0') throw new Error(`${line} ended with ${code}: ${words.join(' ')}`);
    return words.join(' ');
  }

  agent(words: string, bundlePath?: string): Promise<string> {
    return this.run(`${this.#program}/firebreak-agent ${words}${bundlePath === undefined ? ' </dev/null' : ` <${bundlePath}`}`);
  }

  async stop(): Promise<void> {
    await this.#shell.stop();
    rmSync(this.#program, { recursive: true, force: true });
  }
}
