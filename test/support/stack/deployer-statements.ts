import { deployRowsInGuide } from './deploy-guide.ts';

const here = 'eu-west-1:111122223333';

/** The guide's words, "names that begin with mskeeper-", as ARNs of each service. */
const namesByService: Readonly<Record<string, readonly string[]>> = {
  cloudformation: [`arn:aws:cloudformation:${here}:stack/mskeeper-*`],
  cloudwatch: [`arn:aws:cloudwatch:${here}:alarm:mskeeper/*`],
  events: [`arn:aws:events:${here}:rule/mskeeper-*`, `arn:aws:events:${here}:event-bus/mskeeper-*`],
  iam: ['arn:aws:iam::111122223333:role/mskeeper-*'],
  kms: [`arn:aws:kms:${here}:key/*`],
  lambda: [`arn:aws:lambda:${here}:function:mskeeper-*`, `arn:aws:lambda:${here}:event-source-mapping:*`],
  logs: [`arn:aws:logs:${here}:log-group:/aws/lambda/mskeeper-*`],
  s3: ['arn:aws:s3:::mskeeper-*'],
  scheduler: [`arn:aws:scheduler:${here}:schedule/mskeeper-*`, `arn:aws:scheduler:${here}:schedule-group/mskeeper-*`],
  secretsmanager: [`arn:aws:secretsmanager:${here}:secret:mskeeper/*`],
  sns: [`arn:aws:sns:${here}:mskeeper-*`],
  sqs: [`arn:aws:sqs:${here}:mskeeper-*`],
  ssm: [`arn:aws:ssm:${here}:parameter/mskeeper/*`],
};

/** A policy for whoever deploys that says what the guide's table says, word by word, and nothing more. */
export const deployerStatements = deployRowsInGuide.map(({ actions, isOnEverything }) => {
  const service = actions[0]?.split(':')[0] ?? '';
  const Resource = isOnEverything ? '*' : namesByService[service];
  if (Resource === undefined) throw new Error(`no names of ${service} are known here`);
  return { Effect: 'Allow', Action: actions, Resource };
});
