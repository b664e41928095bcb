import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { type Outside, startOutside } from '../outside/outside.ts';
import { addCoreServices, type CoreServices } from './core-services.ts';
import { startAwsServer } from './server.ts';
import { type CloudWatch, createCloudWatch } from './services/cloudwatch/cloudwatch.ts';
import { publishQueueMetrics } from './services/cloudwatch/queue-metrics.ts';
import { publishTopicMetrics } from './services/cloudwatch/topic-metrics.ts';
import { packagesIn } from './services/lambda/code-store.ts';
import { createLambda, type Lambda } from './services/lambda/lambda.ts';
import { createStack, type Stack } from './template/create-stack.ts';
import { type AwsWorld, createAwsWorld } from './world.ts';

/** Every service of the stand-in on one port, in one account and Region, and the world outside of AWS. */
export type StandIn = CoreServices & {
  readonly url: string;
  readonly world: AwsWorld;
  readonly cloudWatch: CloudWatch;
  readonly lambda: Lambda;
  /** What functions reach that is not AWS. */
  readonly outside: Outside;
  /** Creates what `npm run package` made: from here on its schedules and alarms run. */
  deploy(stackName: string): Promise<Stack>;
  /** Kills running invocations and closes the ports. */
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
  /** Told of durable executions that will not recover by themselves, a sentence each. */
  readonly onDurableFailure?: (failure: unknown) => void;
};

/** Starts an empty account; `deploy` fills it. */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const world = createAwsWorld(options);
  const core = addCoreServices(world);
  const cloudWatch = createCloudWatch(world, { putEvent: (event) => core.eventBridge.deliver('default', event) });
  publishTopicMetrics(cloudWatch, core.sns);
  const server = await startAwsServer(world, 0, options.clock.nowMs);
  const outside = await startOutside({ nowMs: options.clock.nowMs, directory: options.scratchDirectory });
  const lambda = createLambda(world, {
    cloudWatch,
    directory: options.scratchDirectory,
    outside,
    readPackage: packagesIn(options.packageDirectory),
    endpointUrl: () => server.url,
    putEvent: (event) => core.eventBridge.deliver('default', event),
    queues: core.sqs,
    concurrencyQuota: () => core.quotas.get('lambda', 'Concurrent executions') ?? 0,
    ...(options.onDurableFailure === undefined ? {} : { onDurableFailure: options.onDurableFailure }),
  });
  let stopQueueMetrics = (): void => {};
  return {
    ...core,
    url: server.url,
    world,
    cloudWatch,
    lambda,
    outside,
    deploy: async (stackName) => {
      const text = await readFile(join(options.packageDirectory, options.templateFileName), 'utf8');
      const stack = await createStack(world, JSON.parse(text), { stackName });
      core.cloudFormation.add(stackName);
      cloudWatch.start();
      stopQueueMetrics = publishQueueMetrics(options.clock, cloudWatch, core.sqs);
      return stack;
    },
    close: async () => {
      core.eventBridge.stop();
      core.scheduler.stop();
      stopQueueMetrics();
      cloudWatch.stop();
      await lambda.stop();
      await outside.close();
      await server.close();
    },
  };
}
