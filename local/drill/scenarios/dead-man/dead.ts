import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StillAccount } from '../../../world/still-account.ts';
import { type Cast, passUntil } from './cast.ts';
import { minutesUntilText, repeatedTexts, severities, toldWithinMinutes, withoutAllClear } from './judgement.ts';

/** What incident calls beside Lambda itself. */
const services = ['s3', 'cloudwatch', 'sns', 'secretsmanager', 'ssm'] as const;
const revivalMinutes = 6;

/** A way in which incident dies, and how it is undone. */
type Death = { readonly what: string; readonly happen: (cast: Cast) => Promise<() => Promise<void>> };

/** Its role is taken everything: each run fails at its first call. */
export const denied: Death = {
  what: 'everything is denied to incident’s role',
  happen: async ({ account, incidentFunction }) => {
    const { roleArn = '' } = account.standIn.lambda.functions.get(incidentFunction)?.latest ?? {};
    const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const lifts = services.map((service) =>
      account.standIn.world.faults.inject({ operation: `${service}:*`, fault: 'deny', roleName }),
    );
    return async () => {
      for (const lift of lifts) lift();
    };
  },
};

/** Its code throws while it is loaded, as after a deploy that went wrong. */
export const throwing: Death = {
  what: 'incident’s code throws',
  happen: async ({ account, incidentFunction }) => {
    const { taskRoot, handler } = account.standIn.lambda.functions.get(incidentFunction)?.latest ?? {};
    if (taskRoot === undefined || handler === undefined)
      throw new Error(`the stack has no function ${incidentFunction}`);
    const file = await codeFile(taskRoot, handler);
    await writeFile(file.path, "throw new Error('this deploy went wrong');\n");
    return () => writeFile(file.path, file.code);
  },
};

/**
 * Incident dies while a broker is dead (P1: its alarm fires since) and partitions lose their leader (P0): CloudWatch, its composites and
 * SNS alone bring both to a telephone. Then it comes back.
 */
export async function expectTold(cast: Cast, { what, happen }: Death): Promise<void> {
  const { stage, account, heard, sign, firing, incidentFunction } = cast;
  const { standIn } = account;
  const { expectations, measure } = stage;
  await expectations.expect(
    'the alarm of the dead broker fires, and incident told of it',
    0,
    () => (firing('nobody-told').length === 0 ? firing('brokers-unreachable')[0] : undefined),
    (name) => name,
  );
  const runsBefore = standIn.lambda.invocations.length;
  const callsBefore = standIn.world.calls.all.length;
  const pagesBefore = standIn.outside.calls.all.length;
  const revive = await happen(cast);
  const diedMs = account.clock.nowMs();
  sign(what, 'bad');
  await passUntil({ ...cast, account: sayingOffline(account) }, toldWithinMinutes, () =>
    severities.every((severity) => minutesUntilText(heard(), severity, diedMs) !== undefined),
  );
  for (const severity of severities) {
    const minutes = minutesUntilText(heard(), severity, diedMs);
    const priority = severity === 'critical' ? 'P1' : 'P0';
    if (minutes !== undefined) measure(`${what}: ${priority} on a telephone after, min`, Number(minutes.toFixed(1)));
    await expectations.expect(
      `${what}: ${priority} reaches a telephone within ${toldWithinMinutes} min of the world’s clock`,
      0,
      () => (minutes !== undefined && minutes <= toldWithinMinutes ? minutes : undefined),
      (each) => `after ${each.toFixed(1)} min`,
    );
  }
  expectations.expectNothing('each of CloudWatch’s texts comes once', () => repeatedTexts(heard(), diedMs));
  expectations.expectNothing('no run of incident ended well meanwhile', () =>
    standIn.lambda.invocations
      .slice(runsBefore)
      .flatMap(({ functionName, status, requestId }) =>
        functionName === incidentFunction && status === 'success' ? [requestId] : [],
      ),
  );
  expectations.expectNothing('and no code of ours published to anybody, or called anybody outside', () => [
    ...standIn.world.calls.all
      .slice(callsBefore)
      .flatMap(({ service, operation, outcome, principalArn }) =>
        service === 'sns' && operation === 'Publish' && outcome === 'ok' ? [`${principalArn} published`] : [],
      ),
    ...standIn.outside.calls.all.slice(pagesBefore).map(({ caller, host }) => `${caller} called ${host}`),
  ]);
  await revive();
  sign('incident is mended', 'good');
  const isBack = await passUntil(cast, revivalMinutes, () => firing('nobody-told').length === 0);
  await expectations.expect(
    'once it is mended, it says again that all is told, and the composites are over',
    0,
    () => (isBack ? 'nobody-told: OK' : undefined),
    (words) => words,
  );
  expectations.expectNothing('and a telephone hears of each of them that it is over, once', () => [
    ...withoutAllClear(heard(), diedMs),
    ...repeatedTexts(heard(), diedMs),
  ]);
}

/** The same account, in which MSK says each minute that a partition has no leader: no broker of the drill's own loses one so. */
const sayingOffline = (account: StillAccount): StillAccount => ({
  ...account,
  pass: async (minutes) => {
    const { cluster } = account.configuration;
    const dimensions = { 'Cluster Name': cluster.name };
    account.standIn.cloudWatch.publish({ namespace: 'AWS/Kafka', name: 'OfflinePartitionsCount', dimensions }, 1);
    await account.pass(minutes);
  },
});

/** The file that Lambda loads for a handler, and what stands in it. */
async function codeFile(taskRoot: string, handler: string): Promise<{ readonly path: string; readonly code: string }> {
  const name = handler.slice(0, handler.indexOf('.', handler.lastIndexOf('/') + 1));
  const folder = join(taskRoot, name, '..');
  const found = (await readdir(folder)).find(
    (file) => /\.[cm]?js$/.test(file) && join(folder, file).startsWith(join(taskRoot, name)),
  );
  if (found === undefined) throw new Error(`${taskRoot} has no code for ${handler}`);
  const path = join(folder, found);
  return { path, code: await readFile(path, 'utf8') };
}
