import { DependencyError } from '../core/errors.ts';
import { minuteMs } from '../core/units.ts';

/** A signed token and when it ends (ms since 1970). */
export type IamToken = { readonly token: string; readonly expiryTime: number };

const renewalMarginMs = minuteMs;

/**
 * Signs an MSK IAM token with the credentials of the environment: a presigned `kafka-cluster:Connect` URL in base64url,
 * good for at most 900 s. No call leaves the machine where the credentials are in the environment, as in Lambda.
 *
 * The signer is loaded on first use: it brings the STS client along, which other kinds of authentication must not pay.
 */
export const signIamToken = async (region: string): Promise<IamToken> => {
  const { generateAuthToken } = await import('aws-msk-iam-sasl-signer-js');
  return generateAuthToken({ region });
};

/**
 * One token for all connections until a minute before its end: kafkajs asks anew at each connection and
 * re-authentication. Calls that come together share one signing; a failed signing is not kept.
 *
 * @throws DependencyError `authentication-failed` where no credentials are found or signing fails
 */
export const cachedIamToken = (
  region: string,
  sign: (region: string) => Promise<IamToken> = signIamToken,
  nowMs: () => number = Date.now,
): (() => Promise<string>) => {
  let pending: Promise<IamToken> | undefined;

  const signAnew = () => {
    const signing = sign(region).catch((cause: unknown) => {
      if (pending === signing) pending = undefined;
      const reason = cause instanceof Error ? cause.message : 'unknown';
      throw new DependencyError('MSK IAM token', 'authentication-failed', `no token could be signed: ${reason}`, {
        cause,
      });
    });
    pending = signing;
    return signing;
  };

  return async () => {
    const current = await (pending ?? signAnew());
    if (current.expiryTime - nowMs() > renewalMarginMs) return current.token;
    return (await signAnew()).token;
  };
};
