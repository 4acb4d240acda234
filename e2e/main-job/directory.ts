import { until } from '../coexistence/until.ts';
import type { LabHost } from '../lab/host.ts';

/** An OpenLDAP server and two ways in which Debian hosts ask one, all from Debian's packages. */
export const SLAPD_PACKAGES = ['slapd', 'ldap-utils'] as const;
export const NSLCD_PACKAGES = ['libnss-ldapd', 'nslcd'] as const;
export const SSSD_PACKAGES = ['sssd-ldap', 'libnss-sss'] as const;

const BASE = 'dc=lab,dc=test';

/** Numbers that no file of a host has. `carol` runs as the group `dba`; `alice` is a member of it and runs as another. */
const USERS = [
  { name: 'alice', uid: 20_001, gid: 20_000 },
  { name: 'bob', uid: 20_002, gid: 20_000 },
  { name: 'carol', uid: 20_003, gid: 21_000 },
] as const;
const GROUPS = [
  { name: 'people', gid: 20_000, members: [] },
  { name: 'dba', gid: 21_000, members: ['alice'] },
] as const;

const SLAPD_CONF = `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
pidfile /run/slapd/slapd.pid
argsfile /run/slapd/slapd.args
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "${BASE}"
rootdn "cn=admin,${BASE}"
directory /var/lib/ldap
maxsize 33554432
index objectClass,uid,uidNumber,gidNumber,cn,memberUid eq
`;

const LDIF = [
  `dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\no: lab\ndc: lab`,
  ...USERS.map(({ name, uid, gid }) => `dn: uid=${name},${BASE}\nobjectClass: account\nobjectClass: posixAccount\ncn: ${name}\nuid: ${name}\nuidNumber: ${uid}\ngidNumber: ${gid}\nhomeDirectory: /nonexistent\nloginShell: /bin/sh`),
  ...GROUPS.map(({ name, gid, members }) => [`dn: cn=${name},${BASE}\nobjectClass: posixGroup\ncn: ${name}\ngidNumber: ${gid}`, ...members.map((member) => `memberUid: ${member}`)].join('\n')),
].join('\n\n');

const write = (host: LabHost, path: string, text: string) => host.run(['tee', path], { stdin: text });

/** With people and groups in it. */
export async function startDirectory(host: LabHost): Promise<void> {
  // Stopped while the boot still starts it, the init script leaves the one of the package running, on our port and with nothing in it.
  await host.run('systemctl stop slapd.service; pidof slapd | xargs -r kill -KILL; rm -rf /etc/ldap/slapd.d /var/lib/ldap/*');
  await write(host, '/etc/ldap/slapd.conf', SLAPD_CONF);
  await write(host, '/tmp/people.ldif', LDIF);
  await host.run(`sed -i 's|^SLAPD_CONF=.*|SLAPD_CONF=/etc/ldap/slapd.conf|; s|^SLAPD_SERVICES=.*|SLAPD_SERVICES="ldap:///"|' /etc/default/slapd`);
  await host.run('slapadd -f /etc/ldap/slapd.conf -l /tmp/people.ldif && chown -R openldap:openldap /var/lib/ldap && systemctl restart slapd.service');
  const ask = `ldapsearch -x -LLL -H ldap://127.0.0.1 -b ${BASE} uid=alice uidNumber 2>&1`;
  await until(async () => (await host.exec(ask)).stdout, (found) => found.includes('uidNumber: 20001'), 180_000);
}

/** Has the host ask the directory by libnss-ldapd. Not for the groups of its own accounts: a login as root would else wait for a directory that does not answer. */
export async function joinByNslcd(host: LabHost, directory: LabHost): Promise<void> {
  await write(host, '/etc/nslcd.conf', `uid nslcd\ngid nslcd\nuri ldap://${directory.ipv4}/\nbase ${BASE}\nnss_initgroups_ignoreusers ALLLOCAL\n`);
  await lookIn(host, 'ldap');
  await host.run('chmod 640 /etc/nslcd.conf && chgrp nslcd /etc/nslcd.conf && systemctl enable nslcd.service && systemctl restart nslcd.service');
  await knowsAlice(host);
}

/** Has the host ask the directory by SSSD, which keeps what it was told. */
export async function joinBySssd(host: LabHost, directory: LabHost): Promise<void> {
  await write(
    host,
    '/etc/sssd/sssd.conf',
    `[sssd]\nservices = nss\ndomains = lab\n[domain/lab]\nid_provider = ldap\nauth_provider = none\naccess_provider = permit\nldap_uri = ldap://${directory.ipv4}\nldap_search_base = ${BASE}\nldap_schema = rfc2307\n`,
  );
  await lookIn(host, 'sss');
  // Named in `services`, the responder must not be activated by its socket as well.
  await host.run('chmod 600 /etc/sssd/sssd.conf && systemctl disable --now sssd-nss.socket 2>/dev/null; systemctl enable sssd.service && systemctl restart sssd.service');
  await knowsAlice(host);
}

const lookIn = (host: LabHost, source: string) => host.run(`sed -i -E 's/^(passwd|group):.*/\\1: files ${source}/' /etc/nsswitch.conf`);
const knowsAlice = (host: LabHost) => until(async () => (await host.exec('getent passwd alice')).stdout, (found) => found.startsWith('alice:'), 180_000);
