import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../../local/aws/server.ts';
import { createSts } from '../../../local/aws/services/sts/sts.ts';
import { createAwsWorld } from '../../../local/aws/world.ts';
import { manualClock } from '../../../local/clock.ts';
import { ACCOUNT_ID, REGION, START_MS } from '../../support/aws/aws.ts';

const clock = manualClock(START_MS - 200 * 86_400_000);
const world = createAwsWorld({ clock, accountId: ACCOUNT_ID, region: REGION });
createSts(world);
const servers: AwsServer[] = [];
beforeAll(async () => void servers.push(await startAwsServer(world, 0, clock.nowMs), await startAwsServer(world)));
afterAll(() => Promise.all(servers.map((server) => server.close())));

/** What a client of the SDK takes for AWS's time after one answer. */
const learned = async (server: AwsServer | undefined): Promise<number> => {
  if (server === undefined) throw new Error('the servers start in beforeAll');
  const client = new STSClient({ endpoint: server.url, region: REGION, credentials: world.identities.admin });
  await client.send(new GetCallerIdentityCommand({}));
  return Date.now() + client.config.systemClockOffset;
};

test('answers carry the time that they are told to, and a client goes by it', async () => {
  expect(Math.abs((await learned(servers[0])) - clock.nowMs())).toBeLessThan(5_000);
});

test('or the machine’s, where nobody tells them any', async () => {
  expect(Math.abs((await learned(servers[1])) - Date.now())).toBeLessThan(5_000);
});

describe('a signature for STS lasts a quarter of an hour of the machine’s', () => {
  const fast = createAwsWorld({ clock: { ...clock, rate: 20 }, accountId: ACCOUNT_ID, region: REGION });
  createSts(fast);
  const rooms: AwsServer[] = [];
  beforeAll(async () => void rooms.push(await startAwsServer(fast), await startAwsServer(world)));
  afterAll(() => Promise.all(rooms.map((server) => server.close())));

  /** Asks with a signature that is so many minutes old by the world's clock. */
  const ask = async (server: AwsServer | undefined, minutes: number): Promise<string> => {
    if (server === undefined) throw new Error('the servers start in beforeAll');
    const credentials = world.identities.admin;
    const client = new STSClient({ endpoint: server.url, region: REGION, credentials, maxAttempts: 1 });
    client.config.systemClockOffset = clock.nowMs() - minutes * 60_000 - Date.now();
    return client.send(new GetCallerIdentityCommand({})).then(
      () => 'taken',
      (error: Error) => error.message,
    );
  };

  test.each([
    ['of a clock at the machine’s pace', 1, 14, 'taken'],
    ['of a clock at the machine’s pace', 1, 16, 'Signature expired'],
    ['where twenty minutes of the world pass in one', 0, 290, 'taken'],
    ['where twenty minutes of the world pass in one', 0, 310, 'Signature expired'],
  ])('%s', async (_name, index, minutes, said) => {
    expect(await ask(rooms[index], minutes)).toContain(said);
  });
});
