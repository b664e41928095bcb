import { afterAll, beforeAll } from 'vitest';
import type { Credentials } from '../../../local/aws/iam/identities.ts';
import { parsePolicy, parseTrustPolicy } from '../../../local/aws/iam/policy.ts';
import { type AwsServer, startAwsServer } from '../../../local/aws/server.ts';
import { type AwsWorld, createAwsWorld } from '../../../local/aws/world.ts';
import { type ManualClock, manualClock } from '../../../local/clock.ts';

export const ACCOUNT_ID = '111122223333';
export const REGION = 'eu-west-1';
/** A Saturday in the local world. */
export const START_MS = Date.parse('2026-11-21T06:00:00Z');

/** An empty account on a manual clock, served on a loopback port for the length of the test file. */
export type AwsFixture = {
  readonly world: AwsWorld;
  readonly clock: ManualClock;
  /** For `new SomeClient(...)`: the unmodified client, one attempt. */
  client(credentials?: Credentials): {
    endpoint: string;
    region: string;
    credentials: Credentials;
    maxAttempts: number;
    requestHandler: { requestTimeout: number; throwOnRequestTimeout: boolean };
  };
  /** Credentials of a fresh role with these statements. */
  role(name: string, ...statements: readonly object[]): Credentials;
};

/** @param startMs the machine's own time, for a test whose subject reads the machine's clock */
export function serveAws(startMs = START_MS): AwsFixture {
  const clock = manualClock(startMs);
  const world = createAwsWorld({ clock, accountId: ACCOUNT_ID, region: REGION });
  let server: AwsServer | undefined;
  beforeAll(async () => {
    server = await startAwsServer(world);
  });
  afterAll(async () => server?.close());
  return {
    world,
    clock,
    client(credentials = world.identities.admin) {
      if (!server) throw new Error('the server starts in beforeAll');
      const requestHandler = { requestTimeout: 2000, throwOnRequestTimeout: true };
      return { endpoint: server.url, region: REGION, credentials, maxAttempts: 1, requestHandler };
    },
    role(name, ...statements) {
      const policies = [parsePolicy({ Version: '2012-10-17', Statement: statements })];
      const trust = parseTrustPolicy({
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      });
      world.identities.addRole({ name, policies, trust });
      return world.identities.assumeRole(name, name);
    },
  };
}
