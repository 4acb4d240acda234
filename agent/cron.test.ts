import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runFunctions, SHELLS } from './testing/run-functions.ts';

let dir: string;
const put = (path: string, text: string) => writeFileSync(join(dir, path), text);
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-cron-'));
  for (const folder of ['etc/cron.d', 'var/spool/cron/crontabs', 'run']) mkdirSync(join(dir, folder), { recursive: true });
  put('run/crond.pid', '1');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe.each(SHELLS)('under %s %s', (...words) => {
  const shell = words.filter((word) => word !== undefined);
  const read = (): unknown => JSON.parse(runFunctions(shell, dir, ['facts-cron'], `cron_root=${dir}; facts_cron`));

  test('jobs of the system and of users are told with user, schedule and program, and nothing else of their commands', () => {
    put(
      'etc/crontab',
      [
        '# a comment',
        'SHELL=/bin/sh',
        'PATH=/usr/bin:/bin',
        '17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly',
        '25 6 * * *	root	test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }',
        '47 6 * * 7 root test -x /usr/sbin/anacron || run-parts --report /etc/cron.weekly',
        '',
      ].join('\n'),
    );
    put('etc/cron.d/backup', 'CRON_TZ="Europe/Berlin"\n30 2 * * Sun backup PGPASSWORD=secret /usr/local/bin/pg_backup --to nas -p secret\n');
    put('etc/cron.d/left.dpkg-old', '1 1 * * * root /usr/bin/old\n');
    put('var/spool/cron/crontabs/ada', '@daily $HOME/bin/report.sh; true\n*/5 8-18 * * 1-5 nice -n 19 /opt/poll\nnonsense\n@reboot /opt/once\n');
    expect(read()).toEqual([
      { user: 'root', schedule: '17 * * * *', zone: null, name: 'cron.hourly' },
      { user: 'root', schedule: '25 6 * * *', zone: null, name: 'cron.daily' },
      { user: 'root', schedule: '47 6 * * 7', zone: null, name: 'cron.weekly' },
      { user: 'backup', schedule: '30 2 * * Sun', zone: 'Europe/Berlin', name: 'pg_backup' },
      { user: 'ada', schedule: '@daily', zone: null, name: 'report.sh' },
      { user: 'ada', schedule: '*/5 8-18 * * 1-5', zone: null, name: 'poll' },
    ]);
  });

  test('no part of a quoted or escaped value is taken for the program, and TZ is not the zone of the schedule', () => {
    put('etc/cron.d/quoted', `TZ=Asia/Tokyo\n1 1 * * * root PASS="one two" KEY='three four' /opt/a\n2 1 * * * root PASS=five\\ six NOTE="say \\"seven eight\\" now" /opt/b\n`);
    expect(read()).toEqual([
      { user: 'root', schedule: '1 1 * * *', zone: null, name: 'a' },
      { user: 'root', schedule: '2 1 * * *', zone: null, name: 'b' },
    ]);
  });

  test('bytes of any kind come out as JSON, and many lines are cut', () => {
    put('etc/cron.d/odd', Buffer.from('1 2 3 4 5 r"oo\\t /usr/bin/\u001b[31m\xff"x" y\n', 'latin1').toString('latin1'));
    put('var/spool/cron/crontabs/e\\x22vil', Array.from({ length: 2000 }, (_, i) => `${i % 60} 1 * * * /usr/bin/job${i}\n`).join(''));
    const jobs = read();
    expect(jobs).toHaveLength(256);
    expect(jobs).toContainEqual(expect.objectContaining({ user: 'e\\x22vil', name: 'job7' }));
  });

  test('without a cron daemon there are no jobs, and what is a link is not read', () => {
    put('secret', '1 1 * * * root /bin/leak\n');
    symlinkSync(join(dir, 'secret'), join(dir, 'etc/cron.d/link'));
    expect(read()).toEqual([]);
    put('etc/cron.d/real', '1 1 * * * root /bin/job\n');
    rmSync(join(dir, 'run/crond.pid'));
    expect(read()).toEqual([]);
  });
});
