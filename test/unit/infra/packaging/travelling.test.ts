import fc from 'fast-check';
import { expect, test } from 'vitest';
import { travellingOf } from '../../../../infra/packaging/travelling.ts';
import type { ClusterConfiguration, Configuration } from '../../../../shared/core/configuration.ts';
import { cases } from '../../../support/depth.ts';
import { configurationWith } from '../stack/stack-under-test.ts';

const { orders, ...others } = configurationWith().clusters;
if (orders === undefined || Object.keys(others).length > 0) throw new Error('the smallest file has one cluster');

/** A cluster whose every text is its own: where one of them turns up, the cluster does. */
const marked = (key: string, pair: Partial<Pick<ClusterConfiguration, 'backupOf'>>): ClusterConfiguration => {
  const mark = `marked-${key}`;
  return {
    ...orders,
    name: mark,
    arn: `arn:aws:kafka:eu-west-1:111122223333:cluster/${mark}/1-1`,
    role: pair.backupOf === undefined ? 'primary' : 'backup',
    ...pair,
    authentication: { kind: 'scram', secretId: `AmazonMSK_${mark}` },
    bootstrap: `${mark}.example:9096`,
    network: { subnetIds: [`subnet-${mark}`], securityGroupIds: [`sg-${mark}`] },
    topics: {
      critical: [{ name: mark, replicationFactor: 3 }],
      watch: [mark],
      ignore: [mark],
      deadLetter: [mark],
      flowing: [{ name: mark, minMessagesPerMinute: 1 }],
    },
    groups: { watch: [mark], ignore: [mark] },
    endpoints: [{ name: mark, url: `https://${mark}.example`, kind: 'application' }],
  };
};

/** Clusters under keys that begin alike, each alone or the backup of the one before it. */
const configurations = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }).map((isPaired): Configuration => {
  const keys = isPaired.map((_, index) => `o${'-o'.repeat(index)}`);
  let isFree = false;
  const entries = keys.map((key, index): [string, ClusterConfiguration] => {
    const before = keys[index - 1];
    const isBackup = isPaired[index] === true && isFree && before !== undefined;
    isFree = !isBackup;
    return [key, marked(key, isBackup ? { backupOf: before } : {})];
  });
  return {
    ...configurationWith(),
    clusters: Object.fromEntries(entries),
    channels: {
      endpoints: { pager: { kind: 'pagerduty', secret: 'planted/channel-secret' } },
      byTopic: { emergency: ['pager'], critical: [], warning: [], maintenance: [], operations: [] },
    },
  };
});

const marksIn = (value: unknown): ReadonlySet<string> =>
  new Set(JSON.stringify(value).match(/marked-[a-z-]*[a-z]/g) ?? []);

test('a bundle carries its own cluster, whole, its primary or its backup, and no word of any other', () => {
  fc.assert(
    fc.property(configurations, (configuration) => {
      for (const [key, cluster] of Object.entries(configuration.clusters)) {
        const travelling = travellingOf(configuration, key);
        const backups = Object.keys(configuration.clusters).filter(
          (other) => configuration.clusters[other]?.backupOf === key,
        );
        const pair = [key, ...backups, ...(cluster.backupOf === undefined ? [] : [cluster.backupOf])];
        expect([...marksIn(travelling)].toSorted()).toEqual(pair.map((one) => `marked-${one}`).toSorted());
        expect(travelling.clusters[key]).toEqual(cluster);
        expect(JSON.stringify(travelling)).not.toContain('planted/channel-secret');
      }
    }),
    cases(200, 10_000),
  );
});
