import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { startAwsServer } from './server.ts';
import { type CloudWatch, createCloudWatch } from './services/cloudwatch/cloudwatch.ts';
import { createEventBridge, type EventBridge } from './services/eventbridge/eventbridge.ts';
import { packagesIn } from './services/lambda/code-store.ts';
import { createLambda, type Lambda } from './services/lambda/lambda.ts';
import { createLogGroups } from './services/logs/log-groups.ts';
import { createMsk, type Msk } from './services/msk/msk.ts';
import { createS3, type S3 } from './services/s3/s3.ts';
import { createScheduler, type Scheduler } from './services/scheduler/scheduler.ts';
import { createSecretsManager, type SecretsManager } from './services/secrets-manager/secrets-manager.ts';
import { createSns, type Sns } from './services/sns/sns.ts';
import { createSqs, type Sqs } from './services/sqs/sqs.ts';
import { createSsm, type Ssm } from './services/ssm/ssm.ts';
import { createStack, type Stack } from './template/create-stack.ts';
import { type AwsWorld, createAwsWorld } from './world.ts';

/** Every service of the stand-in on one port, in one account and Region. */
export type StandIn = {
  readonly url: string;
  readonly world: AwsWorld;
  readonly cloudWatch: CloudWatch;
  readonly eventBridge: EventBridge;
  readonly lambda: Lambda;
  readonly msk: Msk;
  readonly s3: S3;
  readonly scheduler: Scheduler;
  readonly secretsManager: SecretsManager;
  readonly sns: Sns;
  readonly sqs: Sqs;
  readonly ssm: Ssm;
  /** Creates what `npm run package` made: from here on its schedules and alarms run. */
  deploy(stackName: string): Promise<Stack>;
  /** Kills running invocations and closes the port. */
  close(): Promise<void>;
};

export type StandInOptions = {
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
  /** Where the packaged template and its zips are. */
  readonly packageDirectory: string;
  readonly templateFileName: string;
  /** A folder of the stand-in's own. */
  readonly scratchDirectory: string;
};

/** Starts an empty account; `deploy` fills it. */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const world = createAwsWorld(options);
  const eventBridge = createEventBridge(world);
  const cloudWatch = createCloudWatch(world, { putEvent: (event) => eventBridge.deliver('default', event) });
  const server = await startAwsServer(world);
  const lambda = createLambda(world, {
    cloudWatch,
    directory: options.scratchDirectory,
    readPackage: packagesIn(options.packageDirectory),
    endpointUrl: () => server.url,
  });
  createLogGroups(world);
  return {
    url: server.url,
    world,
    cloudWatch,
    eventBridge,
    lambda,
    msk: createMsk(world),
    s3: createS3(world),
    scheduler: createScheduler(world),
    secretsManager: createSecretsManager(world),
    sns: createSns(world),
    sqs: createSqs(world),
    ssm: createSsm(world),
    deploy: async (stackName) => {
      const text = await readFile(join(options.packageDirectory, options.templateFileName), 'utf8');
      const stack = await createStack(world, JSON.parse(text), { stackName });
      cloudWatch.start();
      return stack;
    },
    close: async () => {
      cloudWatch.stop();
      lambda.stop();
      await server.close();
    },
  };
}
