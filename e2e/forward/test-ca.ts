import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An authority of the test's own, and a certificate that it signed for `name`. */
export type TestCa = { readonly caPath: string; readonly certPath: string; readonly keyPath: string };

/** By openssl, in `folder`; files begin with `prefix`. `name` as in subjectAltName: `DNS:localhost`, `IP:127.0.0.1`. */
export function makeTestCa(folder: string, prefix: string, name: string): TestCa {
  const at = (file: string) => join(folder, `${prefix}-${file}`);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '3650', '-subj', `/CN=${prefix} authority`, '-keyout', at('ca.key'), '-out', at('ca.pem'));
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=receiver', '-keyout', at('server.key'), '-out', at('server.csr'));
  writeFileSync(at('extensions'), `subjectAltName=${name}\nextendedKeyUsage=serverAuth\n`);
  openssl('x509', '-req', '-days', '3650', '-in', at('server.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('extensions'), '-out', at('server.pem'));
  return { caPath: at('ca.pem'), certPath: at('server.pem'), keyPath: at('server.key') };
}
