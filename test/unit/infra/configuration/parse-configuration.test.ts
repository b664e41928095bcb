import { expect, test } from 'vitest';
import { parsePreset } from '../../../../infra/configuration/parse-configuration.ts';
import { judge, mistakesOf, smallFile } from '../../../support/configuration.ts';
import { backup } from './backup-cluster.ts';

test('the smallest file resolves: preset merged in, everything left out filled in, every mode at plan', () => {
  const { configuration, mistakes } = judge(smallFile());
  expect(mistakes).toEqual([]);
  expect(configuration).toMatchObject({
    version: 1,
    timeZone: 'UTC',
    policy: { preset: 'msk-operations', limits: { lagSeconds: { warning: 60, critical: 300 } } },
    clusters: {
      orders: {
        name: 'orders-live',
        accountId: '111122223333',
        brokerKind: 'standard',
        metadataMode: 'kraft',
        monitoringLevel: 'DEFAULT',
        topics: { critical: [], watch: ['*'], ignore: [], deadLetter: [], flowing: [] },
        groups: { watch: ['*'], ignore: [] },
        endpoints: [],
      },
    },
    killSwitch: { parameter: '/mskeeper/kill-switch' },
    actionBudget: { actsPerHour: 4 },
    schedules: { 'cluster-health-light': 'rate(5 minutes)', 'cluster-health-full': 'cron(0 9 * * ? *)' },
    maintenanceWindows: [],
  });
  expect(new Set(Object.values(configuration?.modes ?? {}))).toEqual(new Set(['plan']));
});

test('an override replaces single levels of its preset, and off removes a rule', () => {
  const { configuration } = judge(
    smallFile(
      {},
      `policy:
  preset: daily-procedures
  limits: { diskUsedPercent: { warning: 75 }, cpuUsedPercent: off, networkUsedPercent: { warning: 50 } }
  responseMinutes: { critical: 10 }
`,
    ),
  );
  const limits = configuration?.policy.limits;
  expect(limits?.diskUsedPercent).toEqual({
    warning: 75,
    warningForMinutes: 10,
    critical: 90,
    criticalForMinutes: 15,
  });
  expect(limits).not.toHaveProperty('cpuUsedPercent');
  expect(limits?.networkUsedPercent).toEqual({ warning: 50 });
  expect(configuration?.policy.responseMinutes).toEqual({ emergency: 5, critical: 10, warning: 60, notice: 240 });
  expect(configuration?.schedules['cluster-health-full']).toBe('cron(0 8 * * ? *)');
});

test('a backup stands in for the only primary, without being told', () => {
  expect(judge(smallFile({}, backup)).configuration?.clusters.standby?.backupOf).toBe('orders');
});

test('all mistakes are told at once, each with its line and path, in the file’s order', () => {
  const text = `version: 2
timezone: UTC
policy: { preset: msk-operation, limits: { diskUsed: { warning: 1 }, cpuUsedPercent: { warning: 95 } } }
clusters:
  orders:
    arn: arn:aws:kafka:eu-west-1:111122223333:cluster/orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4
    region: eu-west-2
    role: main
    brokerCount: three
    authentication: { kind: sasl }
    topics:
      critical: [{ name: orders, replicationFactor: 0 }]
  Standby_1: {}
modes: { storage-scaling: yes }
maintenanceWindows:
  - { name: nightly, impact: tiny, every: day, from: '02:00', to: '02:00' }
  - { name: nightly, impact: low, every: day, from: '03:00', to: '03:00' }
channels:
  byTopic: { emergency: [pager] }
`;
  expect(mistakesOf(text)).toEqual([
    '1 version: must be 1',
    '2 timezone: is not a setting; did you mean "timeZone"?',
    expect.stringMatching(/^3 policy\.preset: must be one of: .*; did you mean "msk-operations"\?$/),
    '3 policy.limits.diskUsed: is not a setting; did you mean "diskUsedPercent"?',
    '5 clusters.orders.network: is missing: must be a map',
    '7 clusters.orders.region: is not the Region of the ARN, eu-west-1',
    '8 clusters.orders.role: must be one of: primary, backup',
    '9 clusters.orders.brokerCount: must be a number, is a string',
    '10 clusters.orders.authentication.kind: must be one of: iam, scram, mtls, tls, plaintext',
    '12 clusters.orders.topics.critical[0].replicationFactor: must be at least 1',
    expect.stringMatching(/^13 clusters\.Standby_1\.arn: is missing: must be a text/),
    '13 clusters.Standby_1.region: is missing: must be a text',
    '13 clusters.Standby_1.role: is missing: must be one of: primary, backup',
    '13 clusters.Standby_1.authentication: is missing: must be a map',
    '13 clusters.Standby_1.network: is missing: must be a map',
    '13 clusters.Standby_1: is no possible key: at most 24 letters, lower-case words with hyphens',
    '13 clusters.Standby_1.brokerCount: is missing: must be a whole number, at least 1',
    '14 modes.storage-scaling: must be one of: off, plan, act',
    '16 maintenanceWindows[0].impact: must be one of: minimal, low, medium, high',
    '17 maintenanceWindows[1]: starts and ends at the same time: it has no length, or no end',
    '19 channels.byTopic.emergency[0]: names no endpoint of channels.endpoints',
  ]);
});

test('a broken preset stops everything, since it is the release’s own', () => {
  expect(() => parsePreset('mine', 'limits: {}\n')).toThrow(/preset mine: .*brokerAnswerTimeoutMs/s);
  expect(() => parsePreset('mine', '{')).toThrow(/preset mine/);
});
