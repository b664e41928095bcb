import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalKafkaError } from './errors.ts';
import { runCommand } from './run-command.ts';

/** PEM texts that a client needs. Keys are made anew at every start and live in the data directory only. */
export type ClientCertificates = {
  /** The authority that signed the brokers' and the client's certificates: what a client has to trust. */
  readonly authority: string;
  /** For the `mtls` listener. */
  readonly clientCertificate: string;
  readonly clientKey: string;
};

export type CertificateFiles = {
  readonly authorityPath: string;
  /** Key and certificate in one file, as Kafka's PEM key stores want it. */
  readonly brokerPath: string;
  readonly clientPath: string;
};

const validDays = '7';

const runOpenssl = async (...args: string[]): Promise<void> => {
  const { code, stderr } = await runCommand(['openssl', ...args]);
  if (code === 127)
    throw new LocalKafkaError(
      'TLS, SCRAM and mTLS listeners need certificates, and `openssl` was not found. Install it (Debian, Ubuntu: ' +
        '`apt install openssl`), or ask for the plaintext listener only.',
    );
  if (code !== 0) throw new LocalKafkaError(`openssl ${args[0]} failed (exit status ${code}): ${stderr.trim()}`);
};

const makeKey = (path: string): Promise<void> =>
  runOpenssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', path);

const makeAuthority = async (directory: string): Promise<void> => {
  const at = (file: string): string => join(directory, file);
  const settings = [
    '[req]',
    'prompt = no',
    'distinguished_name = name',
    'x509_extensions = authority',
    '[name]',
    'CN = mskeeper local authority',
    '[authority]',
    'basicConstraints = critical, CA:true',
    'keyUsage = critical, keyCertSign, cRLSign',
    'subjectKeyIdentifier = hash',
  ];
  await writeFile(at('authority.cnf'), settings.join('\n'));
  await makeKey(at('authority.key'));
  const subject = ['-config', at('authority.cnf'), '-days', validDays];
  await runOpenssl('req', '-x509', '-new', '-key', at('authority.key'), ...subject, '-out', at('authority.pem'));
};

const sign = async (directory: string, name: string, usage: string, subjectNames?: string): Promise<string> => {
  const at = (extension: string): string => join(directory, `${name}.${extension}`);
  const extensions = [
    'basicConstraints = critical, CA:false',
    'keyUsage = critical, digitalSignature',
    `extendedKeyUsage = ${usage}`,
    ...(subjectNames === undefined ? [] : [`subjectAltName = ${subjectNames}`]),
  ];
  await writeFile(at('ext'), extensions.join('\n'));
  // Given a configuration of our own, openssl doesn't look for one that a machine may lack.
  await writeFile(at('cnf'), `[req]\nprompt = no\ndistinguished_name = name\n[name]\nCN = mskeeper-local-${name}\n`);
  await makeKey(at('key'));
  await runOpenssl('req', '-new', '-key', at('key'), '-config', at('cnf'), '-out', at('csr'));
  const authority = ['-CA', join(directory, 'authority.pem'), '-CAkey', join(directory, 'authority.key')];
  const lifetime = ['-days', validDays, '-set_serial', `0x${crypto.randomUUID().replaceAll('-', '')}`];
  const files = ['-in', at('csr'), '-extfile', at('ext'), '-out', at('pem')];
  await runOpenssl('x509', '-req', ...authority, ...lifetime, ...files);
  const both = join(directory, `${name}-store.pem`);
  await writeFile(both, (await readFile(at('key'), 'utf8')) + (await readFile(at('pem'), 'utf8')), { mode: 0o600 });
  return both;
};

/**
 * Makes an authority, one certificate for all brokers (names 127.0.0.1 and localhost) and one for clients, valid for a
 * week, under `directory`. Throws LocalKafkaError where openssl is missing or refuses.
 */
export const makeCertificates = async (
  directory: string,
): Promise<{ readonly files: CertificateFiles; readonly certificates: ClientCertificates }> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await makeAuthority(directory);
  const brokerPath = await sign(directory, 'broker', 'serverAuth', 'DNS:localhost, IP:127.0.0.1');
  const clientPath = await sign(directory, 'client', 'clientAuth');
  const authorityPath = join(directory, 'authority.pem');
  return {
    files: { authorityPath, brokerPath, clientPath },
    certificates: {
      authority: await readFile(authorityPath, 'utf8'),
      clientCertificate: await readFile(join(directory, 'client.pem'), 'utf8'),
      clientKey: await readFile(join(directory, 'client.key'), 'utf8'),
    },
  };
};
