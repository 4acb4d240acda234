import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeKeyPair, startFakeSshd, type SshdScript } from '../fakehost/fake-sshd.ts';
import { CliSession } from './cli-session.ts';

const key = makeKeyPair();
let cli: CliSession;
let keyPath: string;
beforeEach(async () => {
  cli = new CliSession();
  keyPath = join(cli.folder, 'id');
  writeFileSync(keyPath, key.private, { mode: 0o600 });
  await cli.run('init');
  await cli.run('host', 'add', 'db1', '--unmanaged', '--ip', '10.0.0.5', '--label', 'role=db');
  await cli.run('zone', 'add', 'data', '--select', 'role=db');
});
afterEach(() => cli.remove());

/** Everything that a refused command must leave alone. */
const contents = async () => [await cli.run('--json', 'host', 'list'), await cli.run('--json', 'zone', 'list'), await cli.run('--json', 'rule', 'list')];

describe('bad words on the command line get a sentence, exit 2, and change nothing', () => {
  test.each([
    ['a malformed CIDR', ['rule', 'add', '--from', '10.0.0.0/33', '--to', 'role=db', '--service', 'tcp/1'], /10\.0\.0\.0\/33.*(0 to 32|\/32)/s],
    ['a CIDR with host bits', ['rule', 'add', '--from', '10.0.0.5/8', '--to', 'role=db', '--service', 'tcp/1'], /10\.0\.0\.0\/8/],
    ['an octal address', ['iplist', 'add', 'x', '010.1.1.1/32'], /010\.1\.1\.1/],
    ['port 70000', ['rule', 'add', '--from', 'any', '--to', 'role=db', '--service', 'tcp/70000'], /0 to 65535/],
    ['a port range backwards', ['service', 'add', 'x', 'tcp/20-10'], /10-20|lower/],
    ['a service named like a protocol', ['service', 'add', 'tcp', 'tcp/80'], /choose another name/],
    ['an unknown protocol', ['rule', 'add', '--from', 'any', '--to', 'role=db', '--service', 'tpc/80'], /tpc/],
    ['a selector without a value', ['zone', 'add', 'x', '--select', 'role='], /a value is missing/],
    ['a label without a value', ['host', 'label', 'db1', 'role'], /role/],
    ['a zone mode that does not exist', ['zone', 'mode', 'data', 'block'], /observe, test, enforce/],
    ['a waiver without a reason', ['zone', 'mode', 'data', 'test', '--waive', 'hours-observed'], /reason/],
    ['a host without an address', ['host', 'add', 'web1'], /--address/],
    ['an address with port 70000', ['host', 'add', 'web1', '--address', 'root@10.0.0.9:70000', '--identity', 'agent'], /1 to 65535/],
    ['a host name with a space', ['host', 'add', 'web 1', '--address', 'root@10.0.0.9', '--identity', 'agent'], /host name/],
    ['an expiry that is no date', ['rule', 'add', '--from', 'any', '--to', 'role=db', '--service', 'tcp/1', '--expires', 'soon'], /YYYY-MM-DD/],
    ['a service that does not exist', ['rule', 'add', '--from', 'any', '--to', 'role=db', '--service', 'postgres'], /postgres/],
    ['a zone that does not exist as a peer', ['rule', 'add', '--from', 'zone:nowhere', '--to', 'role=db', '--service', 'tcp/1'], /nowhere/],
    ['no hosts named', ['collect'], /--all/],
    ['an option that does not exist', ['host', 'list', '--colour'], /--colour/],
  ])('%s', async (_name, argv, sentence) => {
    const before = await contents();
    const answer = await cli.run(...argv);
    expect(answer.err).toMatch(sentence);
    expect([1, 2]).toContain(answer.code);
    expect(answer.out).toBe('');
    expect(await contents()).toEqual(before);
  });
});

test('a name that is taken is refused and names what to do', async () => {
  const answer = await cli.run('host', 'add', 'db1', '--unmanaged', '--ip', '10.0.0.6');
  expect([answer.code, answer.err]).toEqual([1, 'NAME_TAKEN: There is already a host “db1”.\nChoose another name, or change the existing one.']);
});

test('an address that another host has is refused by that host’s name', async () => {
  const answer = await cli.run('host', 'add', 'db2', '--unmanaged', '--ip', '10.0.0.5');
  expect([answer.code, answer.err]).toEqual([1, 'ADDRESS_TAKEN: 10.0.0.5 is already the address of host “db1”.\nRemove “db1” first, or give another address.']);
});

test('labels that nobody has make a rule that says that it does nothing, with the labels in use', async () => {
  const answer = await cli.run('rule', 'add', '--from', 'rol=web', '--to', 'role=db', '--service', 'tcp/5432');
  expect(answer.out).toContain('NOBODY has these labels, so the rule does nothing yet. Labels in use: role=db.');
});

describe('hosts that do not do their part', () => {
  const add = (port: number, ...more: string[]) => cli.run('host', 'add', 'web1', '--address', `admin@127.0.0.1:${port}`, '--identity', keyPath, '--label', 'role=web', ...more);
  const withHost = async (script: SshdScript, work: () => Promise<void>, ...more: string[]) => {
    const sshd = await startFakeSshd(script);
    try {
      await add(sshd.port, ...more);
      await cli.run('host', 'trust', 'web1', '--fingerprint', sshd.hostKey.fingerprint);
      await work();
    } finally {
      await sshd.close();
    }
  };
  const stateOf = async () => (await cli.run('--json', 'host', 'show', 'web1')).out;

  test('a host that does not answer', async () => {
    const sshd = await startFakeSshd();
    await sshd.close();
    await add(sshd.port);
    const answer = await cli.run('host', 'trust', 'web1', '--yes');
    expect(answer.err).toMatch(/HOST_UNREACHABLE: web1: no SSH answer from 127\.0\.0\.1 port \d+.*\nCheck the address and port/);
    expect(await stateOf()).toContain('"pinnedKeys": []');
  });

  test('a host whose key was never compared', async () => {
    const sshd = await startFakeSshd();
    await add(sshd.port);
    const answer = await cli.run('agent', 'install', 'web1');
    expect([answer.code, answer.out]).toEqual([1, expect.stringMatching(/HOST_KEY_UNKNOWN.*firebreak host trust web1/)]);
    expect(sshd.log.auth).toEqual([]);
    await sshd.close();
  });

  test('a key that the host does not take', async () => {
    await withHost({ onAuth: (context) => context.reject(['publickey']) }, async () => {
      const answer = await cli.run('agent', 'install', 'web1');
      expect([answer.code, answer.out]).toEqual([1, expect.stringMatching(/SSH_AUTH_FAILED.*login as admin.*was refused.*authorized_keys/)]);
    });
  });

  test('a key file that is none', async () => {
    await withHost({}, async () => {
      writeFileSync(keyPath, 'not a key');
      const answer = await cli.run('agent', 'install', 'web1');
      expect([answer.code, answer.out]).toEqual([1, expect.stringMatching(/SSH_KEY_UNREADABLE.*cannot be used.*--identity/)]);
    });
  });

  test('a host that answers with terminal commands', async () => {
    const detail = 'gone\u001b[2J\u001b]0;x\u0007\u009b31m\u202e';
    const answerWithEscapes: SshdScript['onExec'] = ({ channel }) => {
      channel.write(JSON.stringify({ v: 1, error: 'LOAD_FAILED', detail }));
      channel.exit(1);
      channel.end();
    };
    await withHost({ onExec: answerWithEscapes }, async () => {
      for (const answer of [await cli.run('agent', 'status', 'web1'), await cli.run('--json', 'agent', 'status', 'web1'), await cli.run('host', 'show', 'web1')]) {
        expect(answer.out + answer.err).toContain('gone');
        expect(answer.out + answer.err).not.toMatch(/[\u001b\u0007\u009b\u202e]/);
      }
    });
  });

  test('a user that sudo refuses', async () => {
    const refuse: SshdScript['onExec'] = ({ channel }) => {
      channel.stderr.write('admin is not in the sudoers file.\n');
      channel.exit(1);
      channel.end();
    };
    await withHost({ onExec: refuse }, async () => {
      const answer = await cli.run('agent', 'install', 'web1');
      expect([answer.code, answer.out]).toEqual([1, expect.stringMatching(/SUDO_REFUSED.*sudo refused admin.*sudoers/)]);
    }, '--sudo');
  });
});

describe('files that are not what they should be', () => {
  const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

  test('a workspace that is no database stays as it is', async () => {
    const path = join(cli.folder, 'notes.txt');
    writeFileSync(path, 'shopping list\n'.repeat(500));
    const before = digest(path);
    const answer = await cli.run('--workspace', path, 'host', 'list');
    expect([answer.code, answer.err.split(':')[0], digest(path)]).toEqual([1, 'WORKSPACE_NOT_A_DATABASE', before]);
    expect(answer.err).toContain('Check the path; the file was not changed.');
  });

  test('a workspace that is not there', async () => {
    const answer = await cli.run('--workspace', join(cli.folder, 'none'), 'host', 'list');
    expect([answer.code, answer.err]).toEqual([1, expect.stringMatching(/WORKSPACE_NOT_FOUND.*\nCreate one with/)]);
  });

  test('init over something that exists', async () => {
    const before = digest(cli.workspacePath);
    const answer = await cli.run('init');
    expect([answer.code, answer.err.split(':')[0], digest(cli.workspacePath)]).toEqual([1, 'WORKSPACE_EXISTS', before]);
  });

  test('a folder that is not there', async () => {
    const answer = await cli.run('--workspace', join(cli.folder, 'no', 'where'), 'init');
    expect([answer.code, answer.err.split(':')[0]]).toEqual([1, 'FILE_NOT_WRITABLE']);
  });

  test('an export onto a folder', async () => {
    mkdirSync(join(cli.folder, 'dir'));
    const answer = await cli.run('policy', 'export', join(cli.folder, 'dir'));
    expect([answer.code, answer.err.split(':')[0]]).toEqual([1, 'FILE_NOT_WRITABLE']);
  });

  test('a policy file with an error is refused whole, with line and column', async () => {
    const before = await contents();
    const path = join(cli.folder, 'policy.yaml');
    expect((await cli.run('policy', 'export', path)).code).toBe(0);
    writeFileSync(path, `${readFileSync(path, 'utf8')}\nrules:\n  - allow: [\n`);
    const answer = await cli.run('policy', 'import', path);
    expect([answer.code, answer.err]).toEqual([2, expect.stringMatching(/policy\.yaml:\d+:\d+: /)]);
    expect(await contents()).toEqual(before);
  });
});
