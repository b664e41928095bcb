import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { commands } from '../../../cli/commands.ts';
import { dispatch } from '../../../cli/dispatch.ts';
import type { DoctorFinding } from '../../../cli/doctor/finding.ts';
import { clusterArn, clusterKey, type PackagedStack, usePackagedStack } from '../../support/aws/packaged-stack.ts';
import { shareKafka } from '../../support/kafka/shared-kafka.ts';

const cluster = shareKafka({ brokerCount: 1 });
const stack = usePackagedStack();

let folder = '';
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** The file of a person whose cluster is the packaged one, reached without a password. */
const fileFor = (address: string): string => `version: 1
clusters:
  ${clusterKey}:
    arn: ${clusterArn}
    region: eu-west-1
    role: primary
    brokerCount: 1
    bootstrap: ${address}
    authentication: { kind: plaintext }
    network: { subnetIds: [subnet-0a1b2c3d4e5f60001], securityGroupIds: [sg-0a1b2c3d4e5f60001] }
channels:
  endpoints:
    team-mail: { kind: email, parameter: /mskeeper/channels/team-mail }
  byTopic: { emergency: [team-mail], critical: [team-mail], warning: [team-mail] }
`;

const examine = async ({ standIn }: PackagedStack, address: string): Promise<readonly DoctorFinding[]> => {
  folder = await mkdtemp(join(tmpdir(), 'mskeeper-doctor-'));
  const file = join(folder, 'mskeeper.yml');
  await writeFile(file, fileFor(address));
  const { accessKeyId, secretAccessKey, sessionToken } = standIn.world.identities.admin;
  vi.stubEnv('AWS_ENDPOINT_URL', standIn.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', sessionToken);
  const told: string[] = [];
  const out = { write: (text: string) => void told.push(text), writeError: (text: string) => void told.push(text) };
  await dispatch(['doctor', '--json', '--file', file], commands, { ...out, hasColors: false });
  return JSON.parse(told.join('')).findings;
};

const wrongIn = (findings: readonly DoctorFinding[]): readonly string[] =>
  findings
    .filter(({ status }) => !['ok', 'skipped'].includes(status))
    .map(({ check, subject, status }) => `${status} ${check}, ${subject}`);

test('the doctor finds the packaged stack well, and its kafka-read at the brokers; then it finds a broker gone', async () => {
  const [address = ''] = cluster.kafka.bootstrapServers();
  const opened = await stack.open({ address });
  opened.standIn.ssm.put('/mskeeper/kill-switch', 'off');
  // The packaged channels reach nobody by the maintenance topic.
  const nobody = 'warning subscriptions, topic maintenance';
  const findings = await examine(opened, address);
  expect(wrongIn(findings)).toEqual([nobody]);
  expect(findings).toContainEqual(expect.objectContaining({ check: 'brokers', message: 'reaches 1 of 1 brokers' }));
  await cluster.kafka.brokers[0]?.kill();
  expect(wrongIn(await examine(opened, address))).toEqual([nobody, 'failed brokers, kafka-read']);
});
