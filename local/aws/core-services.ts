import { addIamResources } from './iam/creators.ts';
import {
  type ApplicationAutoScaling,
  createApplicationAutoScaling,
} from './services/application-auto-scaling/application-auto-scaling.ts';
import { type Chatbot, createChatbot } from './services/chatbot/chatbot.ts';
import { type CloudFormation, createCloudFormation } from './services/cloudformation/cloudformation.ts';
import { createEventBridge, type EventBridge } from './services/eventbridge/eventbridge.ts';
import { createIamApi, type IamApi } from './services/iam-api/iam-api.ts';
import { createLogGroups, type LogGroups } from './services/logs/log-groups.ts';
import { createMsk, type Msk } from './services/msk/msk.ts';
import { createS3, type S3 } from './services/s3/s3.ts';
import { createScheduler, type Scheduler } from './services/scheduler/scheduler.ts';
import { createSecretsManager, type SecretsManager } from './services/secrets-manager/secrets-manager.ts';
import { createServiceQuotas, type ServiceQuotas } from './services/service-quotas/service-quotas.ts';
import { createSns, type Sns } from './services/sns/sns.ts';
import { createSqs, type Sqs } from './services/sqs/sqs.ts';
import { createSsm, type Ssm } from './services/ssm/ssm.ts';
import { createSts } from './services/sts/sts.ts';
import type { AwsWorld } from './world.ts';

/** Everything but CloudWatch and Lambda, with the handles by which a drill acts and looks. */
export type CoreServices = {
  readonly applicationAutoScaling: ApplicationAutoScaling;
  readonly chatbot: Chatbot;
  readonly cloudFormation: CloudFormation;
  readonly eventBridge: EventBridge;
  readonly iam: IamApi;
  readonly logGroups: LogGroups;
  readonly msk: Msk;
  readonly s3: S3;
  readonly quotas: ServiceQuotas;
  readonly scheduler: Scheduler;
  readonly secrets: SecretsManager;
  readonly sns: Sns;
  readonly sqs: Sqs;
  readonly ssm: Ssm;
};

/** Adds the services to an empty world. */
export function addCoreServices(world: AwsWorld): CoreServices {
  addIamResources(world);
  createSts(world);
  const s3 = createS3(world);
  const sns = createSns(world);
  return {
    applicationAutoScaling: createApplicationAutoScaling(world),
    chatbot: createChatbot(world, sns),
    cloudFormation: createCloudFormation(world, s3),
    eventBridge: createEventBridge(world),
    iam: createIamApi(world),
    logGroups: createLogGroups(world),
    msk: createMsk(world),
    s3,
    quotas: createServiceQuotas(world),
    scheduler: createScheduler(world),
    secrets: createSecretsManager(world),
    sns,
    sqs: createSqs(world),
    ssm: createSsm(world),
  };
}
