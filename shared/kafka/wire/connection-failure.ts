import { DependencyError, type DependencyFailure } from '../../core/errors.ts';
import { textOfAny } from '../../text/any-value.ts';
import { MalformedBytesError } from './reader.ts';

/** What was known of a connection when something failed. */
export type ConnectionEvidence = {
  /** What the frame guard refused. */
  readonly violation?: string;
  readonly isTlsAnswer: boolean;
  readonly usesTls: boolean;
  readonly usesSasl: boolean;
  /** TLS was agreed, or TCP where there is no TLS. */
  readonly isOpen: boolean;
  readonly isConnectedTcp: boolean;
  readonly isInsideFrame: boolean;
  readonly isClosedByBroker: boolean;
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** One line: OpenSSL's messages end with one. */
const textOf = (error: unknown): string =>
  (error instanceof Error ? error.message : textOfAny(error)).trim().replaceAll(/\s+/g, ' ');

/** Alerts by which a broker refuses our certificate, or wants one: with mTLS that is its authentication. */
const isClientCertificateAlert = (text: string): boolean =>
  /alert.*(certificate|unknown ca|access denied)|certificate required/i.test(text);

const isTlsFailure = (code: string, text: string): boolean =>
  /^ERR_(SSL|TLS|OSSL)|^EPROTO$|CERT|SELF_SIGNED|UNABLE_TO_|SIGNATURE|HOSTNAME_MISMATCH/.test(code) ||
  /before secure TLS connection|PEM|wrong version number|bad decrypt/i.test(text);

/** No such address, by Node's own codes: these words hold the address itself, and a cluster may be named `sasl-timeout`. */
const isNotFound = (code: string): boolean => code === 'ENOTFOUND' || code.startsWith('EAI_');

const isTimeout = (error: unknown, text: string): boolean =>
  codeOf(error) === 'ETIMEDOUT' || /timed out|timeout/i.test(text);

const isMalformed = (error: unknown): boolean =>
  error instanceof MalformedBytesError || error instanceof RangeError || error instanceof TypeError;

const isAuthenticationFailure = (error: unknown, text: string): boolean =>
  (error instanceof Error && error.name === 'KafkaJSSASLAuthenticationError') || /SASL|authentication/i.test(text);

type Classified = { readonly failure: DependencyFailure; readonly message: string };

/** Worst evidence first: what the bytes were outweighs how kafkajs put it into words. */
const classify = (error: unknown, evidence: ConnectionEvidence): Classified => {
  const text = textOf(error);
  const code = codeOf(error);
  if (evidence.isTlsAnswer) return { failure: 'tls-failed', message: 'the broker speaks TLS and we do not' };
  if (evidence.violation !== undefined) {
    return { failure: 'bad-answer', message: `the broker does not speak Kafka's protocol: ${evidence.violation}` };
  }
  if (isNotFound(code)) return classifyClosed(text, code, evidence);
  if (isClientCertificateAlert(text)) {
    const message = `the broker refused the client certificate, or wants one that was not given (${text})`;
    return { failure: 'authentication-failed', message };
  }
  if (/^Failed to connect: /.test(text)) {
    // kafkajs's words for what Node threw while it made the socket: the address was checked before, so it is a key.
    return { failure: 'tls-failed', message: `our certificate or key cannot be used: ${text}` };
  }
  if (isTlsFailure(code, text)) return { failure: 'tls-failed', message: `TLS was not agreed: ${text}` };
  if (evidence.isClosedByBroker && evidence.usesTls && evidence.isConnectedTcp && !evidence.isOpen) {
    return { failure: 'tls-failed', message: 'the broker closed the connection during the TLS handshake' };
  }
  if (isTimeout(error, text)) {
    const where = evidence.isInsideFrame ? ', and stopped in the middle of one' : '';
    return { failure: 'timed-out', message: `no answer in time${where} (${text})` };
  }
  if (isMalformed(error)) return { failure: 'bad-answer', message: `an answer that cannot be read: ${text}` };
  if (isAuthenticationFailure(error, text)) return { failure: 'authentication-failed', message: text };
  if (error instanceof Error && error.name === 'KafkaJSProtocolError') {
    return { failure: 'bad-answer', message: `refused before any request: ${text}` };
  }
  return classifyClosed(text, code, evidence);
};

const classifyClosed = (text: string, code: string, evidence: ConnectionEvidence): Classified => {
  if (!evidence.isClosedByBroker && evidence.isConnectedTcp && code === '') {
    // kafkajs gave up for a reason of its own: what came was not what it expects of a broker.
    return { failure: 'bad-answer', message: text };
  }
  if (evidence.isInsideFrame) {
    return { failure: 'bad-answer', message: 'the broker closed the connection in the middle of an answer' };
  }
  if (evidence.isConnectedTcp) {
    const hint = evidence.usesSasl ? '' : '; a listener that wants SASL does this';
    return { failure: 'unreachable', message: `the broker closed the connection (${text || code})${hint}` };
  }
  return { failure: 'unreachable', message: `no connection: ${text || code}` };
};

/**
 * Names why a connection or a request failed. `DependencyError`s pass through: they are named already.
 *
 * @param call such as `Kafka Metadata broker 127.0.0.1:9092`
 */
export const connectionFailure = (call: string, error: unknown, evidence: ConnectionEvidence): DependencyError => {
  if (error instanceof DependencyError) return error;
  const { failure, message } = classify(error, evidence);
  return new DependencyError(call, failure, message, { cause: error });
};
