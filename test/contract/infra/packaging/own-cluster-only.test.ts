import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { functionDefinitions } from '../../../../infra/functions.ts';
import { packageStack } from '../../../../infra/packaging/package-stack.ts';
import { readZip } from '../../../../local/aws/lambda-runtime/zip.ts';
import { judge, smallFile } from '../../../support/configuration.ts';
import { backup } from '../../../unit/infra/configuration/backup-cluster.ts';

/** A cluster beside the pair, with a word in each place where one may stand. */
const stranger = `  planted-key:
    arn: arn:aws:kafka:us-west-2:999988887777:cluster/planted-cluster/22222222-2222-3333-4444-555555555555-4
    region: us-west-2
    role: primary
    brokerCount: 3
    authentication: { kind: scram, secretId: AmazonMSK_planted_secret }
    bootstrap: planted-host.example:9096
    network: { subnetIds: [subnet-0000000000000dead], securityGroupIds: [sg-0000000000000dead] }
    topics: { critical: [{ name: planted-topic, replicationFactor: 3 }], deadLetter: [planted-dead] }
    groups: { ignore: [planted-group] }
    endpoints: [{ name: planted-endpoint, url: 'https://planted-url.example', kind: application }]
`;
const channels = `channels:
  endpoints: { pager: { kind: pagerduty, secret: planted/channel } }
  byTopic: { critical: [pager] }
`;
const file = smallFile(
  {},
  `${backup.replace('    role: backup', '    role: backup\n    backupOf: orders')}${stranger}${channels}`,
);
const plantedWords = /planted|999988887777|us-west-2|dead\b(?=")/g;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mskeeper-own-cluster-'));
  const { configuration, mistakes } = judge(file);
  if (configuration === undefined) throw new Error(JSON.stringify(mistakes));
  expect(JSON.stringify(configuration).match(plantedWords)?.length).toBeGreaterThan(12);
  await packageStack({ configuration, clusterKey: 'standby', output: folder, isVerbose: false });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(functionDefinitions.map(({ slug, tellsPeople }) => [slug, tellsPeople] as const))(
  'nothing that the zip of %s holds names a cluster beside its own pair, nor where an address is kept, but that of who tells people',
  async (slug, tellsPeople) => {
    const entries = readZip(await readFile(join(folder, `${slug}.zip`)));
    const texts = entries.map(({ path, bytes }) => [path, Buffer.from(bytes).toString('latin1')] as const);
    const clusters = texts.find(([path]) => path === 'mskeeper.json')?.[1];
    expect(clusters).toContain('"standby"');
    expect(clusters).toContain('"orders"');
    const channelsThere = texts.filter(([path]) => path === 'channels.json').map(([, text]) => JSON.parse(text));
    expect(channelsThere).toEqual(
      tellsPeople
        ? [expect.objectContaining({ endpoints: { pager: { kind: 'pagerduty', secret: 'planted/channel' } } })]
        : [],
    );
    for (const [path, text] of texts.filter(([path]) => path !== 'channels.json')) {
      // What the packages themselves say of Regions is no configuration.
      const words = path.endsWith('.json') ? plantedWords : /planted|999988887777|0000000000000dead/g;
      expect([path, text.match(words)]).toEqual([path, null]);
    }
  },
);
