import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Fault } from '../../../local/aws/faults.ts';
import type { ListenerName } from '../../../local/kafka/listeners.ts';
import type { Authentication } from '../../../shared/core/configuration.ts';
import { fullCheck, secretId, usePackagedStack } from '../../support/aws/packaged-stack.ts';
import { loggedText } from '../../support/aws/packaged-traces.ts';
import { listen } from '../../support/kafka/fake-broker.ts';
import { shareKafka } from '../../support/kafka/shared-kafka.ts';

const cluster = shareKafka({ brokerCount: 1 });
const stack = usePackagedStack();

const scram: Authentication = { kind: 'scram', secretId };
const mtls: Authentication = { kind: 'mtls', secretId };

/** The secrets that are right, from the brokers that were just started. */
const rightSecrets = () => {
  const { certificates, credentials } = cluster.kafka;
  if (certificates === undefined || credentials === undefined) throw new Error('secured listeners were asked for');
  const { authority: ca, clientCertificate: certificate, clientKey: key } = certificates;
  expect(new X509Certificate(ca).ca).toBe(true);
  return { scram: { ...credentials, ca }, mtls: { certificate, key, ca } };
};

type Setting = {
  readonly address: string;
  readonly authentication: Authentication;
  readonly secret?: unknown;
  readonly secretFault?: Fault;
};

/** One full check by the packaged functions; the secret comes from the stand-in's Secrets Manager. */
const check = async ({ address, authentication, secret, secretFault }: Setting) => {
  const { standIn, check: run } = await stack.open({ address, cluster: { authentication } });
  if (secret !== undefined) standIn.secrets.put(secretId, typeof secret === 'string' ? secret : JSON.stringify(secret));
  if (secretFault !== undefined)
    standIn.world.faults.inject({ operation: 'secretsmanager:GetSecretValue', fault: secretFault });
  const { report, errorMessage } = await run(fullCheck);
  if (report === undefined) throw new Error(`the run failed: ${errorMessage}`);
  return {
    report,
    logs: loggedText(standIn),
    answered: report.findings.filter((one) => one.check === 'broker-answers'),
  };
};

const addressOf = (listener: ListenerName): string => cluster.kafka.bootstrapServers(listener)[0] ?? '';

test.each<[string, ListenerName, () => Pick<Setting, 'authentication' | 'secret'>]>([
  ['plaintext', 'plaintext', () => ({ authentication: { kind: 'plaintext' } })],
  [
    'SCRAM with the secret of Secrets Manager',
    'scram',
    () => ({ authentication: scram, secret: rightSecrets().scram }),
  ],
  ['mTLS with the secret of Secrets Manager', 'mtls', () => ({ authentication: mtls, secret: rightSecrets().mtls })],
])('%s lets the packaged functions in', async (_name, listener, setting) => {
  const { answered, report } = await check({ address: addressOf(listener), ...setting() });
  expect(answered).toMatchObject([{ subject: 'broker 1', severity: 'ok' }]);
  expect(report.findings.find((one) => one.check === 'controller')).toMatchObject({ severity: 'ok' });
});

type Refusal = readonly [string, () => Promise<Setting> | Setting, string, RegExp];
const refusals: readonly Refusal[] = [
  [
    'a wrong password',
    () => ({
      address: addressOf('scram'),
      authentication: scram,
      secret: { ...rightSecrets().scram, password: 'planted-not-this-one' },
    }),
    'authentication-failed',
    /invalid credentials/,
  ],
  [
    'an authority that did not sign the broker, with SCRAM',
    () => {
      const { username, password } = rightSecrets().scram;
      return { address: addressOf('scram'), authentication: scram, secret: { username, password } };
    },
    'tls-failed',
    /certificate/,
  ],
  [
    'an authority that did not sign the broker, with mTLS',
    () => {
      const { certificate, key } = rightSecrets().mtls;
      return { address: addressOf('mtls'), authentication: mtls, secret: { certificate, key } };
    },
    'tls-failed',
    /certificate/,
  ],
  [
    'a client certificate that is missing',
    // The listener that wants one, asked by SCRAM: inside TLS, and without a certificate.
    () => ({ address: addressOf('mtls'), authentication: scram, secret: rightSecrets().scram }),
    'authentication-failed',
    /client certificate/,
  ],
  [
    'a client key that is not the one of the certificate',
    () => ({
      address: addressOf('mtls'),
      authentication: mtls,
      secret: { ...rightSecrets().mtls, key: '-----BEGIN PRIVATE KEY-----\nplanted\n-----END PRIVATE KEY-----\n' },
    }),
    'tls-failed',
    /key/,
  ],
  [
    'plaintext to a listener with TLS',
    () => ({ address: addressOf('tls'), authentication: { kind: 'plaintext' } }),
    'tls-failed',
    /speaks TLS/,
  ],
  [
    'TLS to a plaintext listener',
    () => ({ address: addressOf('plaintext'), authentication: { kind: 'tls' } }),
    'tls-failed',
    /TLS/,
  ],
  [
    'a secret of another shape',
    () => ({ address: addressOf('scram'), authentication: scram, secret: { user: 'a', pass: 'planted-not-this-one' } }),
    'bad-answer',
    /another shape: username \(invalid_type\), password \(invalid_type\)/,
  ],
  [
    'a secret that is no JSON',
    () => ({ address: addressOf('scram'), authentication: scram, secret: 'planted-not-this-one' }),
    'bad-answer',
    /holds no JSON/,
  ],
  [
    // As AWS does it: the role names the secret with the six characters behind it, which an absent one has not.
    'a secret that is not there',
    () => ({ address: addressOf('scram'), authentication: scram }),
    'denied',
    /secretsmanager:GetSecretValue/,
  ],
  [
    'a secret that is denied',
    () => ({
      address: addressOf('scram'),
      authentication: scram,
      secret: rightSecrets().scram,
      secretFault: 'deny',
    }),
    'denied',
    /secretsmanager:GetSecretValue/,
  ],
  [
    'a Secrets Manager that is throttled',
    () => ({
      address: addressOf('scram'),
      authentication: scram,
      secret: rightSecrets().scram,
      secretFault: 'throttle',
    }),
    'throttled',
    /secretsmanager:GetSecretValue/,
  ],
  [
    'a Secrets Manager that answers with garbage',
    () => ({
      address: addressOf('scram'),
      authentication: scram,
      secret: rightSecrets().scram,
      secretFault: 'garbage',
    }),
    'bad-answer',
    /secretsmanager:GetSecretValue/,
  ],
];

test.each(refusals)(
  '%s is named as such, is unknown, and calls no broker dead',
  async (_name, setting, reason, words) => {
    const { report, logs, answered } = await check(await setting());
    const about = JSON.stringify(answered);
    expect(answered, about).not.toEqual([]);
    for (const finding of answered) expect(finding, about).toMatchObject({ severity: 'unknown', reason });
    expect(answered.map(({ message }) => message).join(' '), about).toMatch(words);
    expect(report.findings.find((one) => one.check === 'cluster-state')).toMatchObject({ severity: 'ok' });
    expect(JSON.stringify(report) + logs).not.toContain('planted');
  },
);

test.each<[string, string, (rubbish: (bytes: Buffer) => void) => void]>([
  ['speaks rubbish', 'bad-answer', (write) => write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))],
  ['hangs', 'timed-out', () => {}],
])('a broker that %s is called silent by that name, and MSK is judged beside it', async (_name, word, behave) => {
  const port = await listen((socket) => socket.on('data', () => behave((bytes) => socket.write(bytes))));
  const { report, answered } = await check({
    address: `127.0.0.1:${port}`,
    authentication: { kind: 'plaintext' },
  });
  const whole = report.findings.find((one) => one.check === 'cluster-answers');
  expect(whole).toMatchObject({ severity: 'emergency', reason: 'no-broker-answers' });
  expect(answered).toMatchObject([{ subject: 'broker 1', severity: 'critical' }]);
  expect(JSON.stringify(report)).toContain(word);
  expect(report.findings.find((one) => one.check === 'cluster-state')).toMatchObject({ severity: 'ok' });
});
