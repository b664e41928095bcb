import { dirname, join } from 'node:path';
import type { World } from './world.ts';

const dateOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** How people reach what runs, without any other tool than the project's own: addresses, credentials, an example, logs. */
export const describeWorld = ({
  brokers,
  standIn,
  cluster,
  clusterKey,
  clock,
  clockRate,
  logFolder,
}: World): string => {
  const { admin } = standIn.world.identities;
  const event = `{"source":"mskeeper.manual","procedure":"cluster-health","scope":"full","requestedBy":"me"}`;
  const kafkaLogs = brokers.own?.brokers.map(({ logPath }) => join(dirname(logPath), 'broker.log')) ?? [];
  return [
    `  Kafka        ${brokers.bootstrapServers.join(',')}`,
    `  AWS          export AWS_ENDPOINT_URL=${standIn.url} AWS_REGION=${cluster.region}`,
    `               export AWS_ACCESS_KEY_ID=${admin.accessKeyId} AWS_SECRET_ACCESS_KEY=${admin.secretAccessKey} AWS_SESSION_TOKEN=${admin.sessionToken}`,
    `  its clock    ${new Date(clock.nowMs()).toISOString()}, ${clockRate} seconds in each real one`,
    ...[...standIn.lambda.functions.keys()].map((name) => `  function     ${name}`),
    '  invoke one   in another terminal, after the two exports above:',
    `               npm run drill -- --invoke mskeeper-${clusterKey}-cluster-health --event '${event}'`,
    `  ask about it npm run mskeeper -- doctor ${clusterKey} --file local/mskeeper.yml   (conformance alike)`,
    // The command looks back from today, and the world's clock is elsewhere.
    `               npm run mskeeper -- history ${clusterKey} --file local/mskeeper.yml --since ${dateOf(clock.nowMs())}`,
    `  its logs     ${logFolder}`,
    ...kafkaLogs.map((path, index) => `  ${index === 0 ? 'broker logs ' : '            '} ${path}`),
  ].join('\n');
};
