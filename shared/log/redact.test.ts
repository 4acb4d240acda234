import { describe, expect, test } from 'vitest';
import { REMOVED, redact } from './redact.ts';

const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3BlbnNzaC1rZXktdjEA'.repeat(8)}\n-----END OPENSSH PRIVATE KEY-----`;

describe('what is taken out of a log', () => {
  test.each([
    ['the sudo password was hunter2, again hunter2!', ['hunter2'], `the sudo password was ${REMOVED}, again ${REMOVED}!`],
    ['long-secret-tail', ['long-secret', 'long-secret-tail'], REMOVED],
    [`read ${key} from the agent`, [], `read ${REMOVED} from the agent`],
    ['-----BEGIN PRIVATE KEY-----\ncut off in the mid', [], REMOVED],
    ['connect https://admin:s3cret@siem.example/in failed', [], `connect https://${REMOVED}@siem.example/in failed`],
    ['{"sshPassword":"a b \\" c","user":"root"}', [], `{"sshPassword":${REMOVED},"user":"root"}`],
    ['FIREBREAK_SSH_PASSWORD=xyz next', [], `FIREBREAK_SSH_PASSWORD=${REMOVED} next`],
    ["token: 'a, b' and api_key=q&x=1", [], `token: ${REMOVED} and api_key=${REMOVED}&x=1`],
    ['Authorization: Bearer abc.def', [], `Authorization: Bearer ${REMOVED}`],
    [`signed with ${'Ab9+'.repeat(20)}==`, [], `signed with ${REMOVED}`],
  ])('%s', (text, secrets, expected) => {
    expect(redact(text, secrets)).toBe(expected);
    expect(redact(redact(text, secrets), secrets)).toBe(expected);
  });

  test('what says what happened stays', () => {
    const text = 'hosts.trust: db-1 (10.0.0.5:22) showed SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8, at readHost (/opt/firebreak/out/main/backend-process.cjs:12:7); password refused';
    expect(redact(text)).toBe(text);
  });
});
