import * as z from 'zod';
import type { Authentication } from '../core/configuration.ts';
import { cachedIamToken } from './iam-token.ts';
import type { KafkaAuthentication } from './wire/authentication.ts';

const text = z.string().min(1);

/** A private authority is for clusters outside of MSK, whose certificates are public ones. */
const scramSecret = z.object({ username: text, password: text, ca: text.optional() });
const mtlsSecret = z.object({ certificate: text, key: text, ca: text.optional(), passphrase: text.optional() });

/** Reads a secret's JSON through a schema. */
export type SecretReader = <Secret>(secretId: string, schema: z.ZodType<Secret>) => Promise<Secret>;

const trustOf = (ca: string | undefined) => (ca === undefined ? {} : { certificateAuthority: ca });

/**
 * What connections need, from the configuration and, for SCRAM and mTLS, a secret.
 *
 * @throws DependencyError where the secret cannot be read or has another shape
 */
export const fetchAuthentication = async (
  authentication: Authentication,
  region: string,
  readSecret: SecretReader,
): Promise<KafkaAuthentication> => {
  switch (authentication.kind) {
    case 'plaintext':
    case 'tls':
      return { kind: authentication.kind };
    case 'iam':
      return { kind: 'iam', fetchToken: cachedIamToken(region) };
    case 'scram': {
      const { username, password, ca } = await readSecret(authentication.secretId, scramSecret);
      return { kind: 'scram', username, password, ...trustOf(ca) };
    }
    case 'mtls': {
      const { certificate, key, ca, passphrase } = await readSecret(authentication.secretId, mtlsSecret);
      const withPassphrase = passphrase === undefined ? {} : { passphrase };
      return { kind: 'mtls', certificate, key, ...withPassphrase, ...trustOf(ca) };
    }
    default:
      return authentication satisfies never;
  }
};
