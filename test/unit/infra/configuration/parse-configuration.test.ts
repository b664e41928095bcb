import { expect, test } from 'vitest';
import { parsePreset } from '../../../../infra/configuration/parse-configuration.ts';
import { judge, mistakesOf, smallFile } from '../../../support/configuration.ts';

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

const backup = `  standby:
    arn: arn:aws:kafka:eu-central-1:111122223333:cluster/orders-live/11111111-2222-3333-4444-555555555555-4
    region: eu-central-1
    role: backup
    brokerCount: 3
    authentication: { kind: scram, secretId: AmazonMSK_orders }
    network: { subnetIds: [subnet-0a1b2c3d4e5f60002], securityGroupIds: [sg-0a1b2c3d4e5f60002] }
`;

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

test.each<[name: string, text: string, mistake: string]>([
  [
    'another Region than the ARN’s',
    smallFile({ region: '    region: us-east-1' }),
    '5 clusters.orders.region: is not the Region of the ARN, eu-west-1',
  ],
  ['no ARN at all', smallFile({ arn: '    arn: orders' }), '4 clusters.orders.arn: not the ARN of an MSK cluster'],
  [
    'no broker count',
    smallFile({ brokerCount: '' }),
    '3 clusters.orders.brokerCount: is missing: must be a whole number, at least 1',
  ],
  [
    'a fraction of a broker',
    smallFile({ brokerCount: '    brokerCount: 2.5' }),
    '7 clusters.orders.brokerCount: must be a whole number, is a number',
  ],
  [
    'brokers that do not fill the zones',
    smallFile({ role: '    role: primary\n    zoneCount: 2' }),
    'clusters.orders.brokerCount: must be a multiple of zoneCount, 2',
  ],
  [
    'a critical topic with more copies than brokers',
    smallFile({}, '    topics: { critical: [{ name: a, replicationFactor: 4 }] }\n'),
    "10 clusters.orders.topics.critical[0].replicationFactor: is more than the cluster's 3 brokers",
  ],
  [
    'a critical topic named twice',
    smallFile({}, '    topics: { critical: [{ name: a, replicationFactor: 3 }, { name: a, replicationFactor: 3 }] }\n'),
    'clusters.orders.topics.critical[1].name: is that of item 0 too',
  ],
  [
    'a list where a map belongs',
    smallFile({ network: '    network: [subnet-0a1b2c3d4e5f60001]' }),
    '9 clusters.orders.network: must be a map, is a list',
  ],
  [
    'a Serverless cluster with brokers',
    smallFile({}, '    brokerKind: serverless\n'),
    '7 clusters.orders.brokerCount: does not belong to a Serverless cluster',
  ],
  [
    'Serverless without IAM',
    smallFile({ brokerCount: '    brokerKind: serverless', authentication: '    authentication: { kind: tls }' }),
    'authentication.kind: must be iam on Serverless',
  ],
  [
    'SCRAM without its secret',
    smallFile({ authentication: '    authentication: { kind: scram }' }),
    '8 clusters.orders.authentication.secretId: is missing: must be a text',
  ],
  [
    'a backup of nothing',
    smallFile({ role: '    role: backup' }),
    '3 clusters.orders.backupOf: is missing: must name the primary cluster that this one backs up',
  ],
  [
    'a backup of a stranger',
    smallFile({ role: '    role: backup\n    backupOf: payments' }),
    '7 clusters.orders.backupOf: names no cluster of this file',
  ],
  [
    'a primary that backs up',
    smallFile({ role: '    role: primary\n    backupOf: orders' }),
    'clusters.orders.backupOf: belongs to a cluster whose role is backup',
  ],
  [
    'two backups of one primary',
    smallFile({}, `${backup}${backup.replace('standby', 'third').replace('11111111', '22222222')}`),
    'clusters.third.backupOf: "orders" has a backup already: "standby"',
  ],
  [
    'one cluster under two names',
    smallFile({}, smallFile().slice(21).replace('orders:', 'again:')),
    'clusters.again.arn: is that of "orders" too',
  ],
  ['the same key twice', smallFile({}, smallFile().slice(21)), '10 (file): a key stands twice in one map'],
  ['no cluster', 'version: 1\nclusters: {}\n', '2 clusters: at least one cluster must be named'],
  ['an unknown time zone', smallFile({}, 'timeZone: Asia/Taipeh\n'), '10 timeZone: is not a time zone'],
  ['an offset for a time zone', smallFile({}, 'timeZone: "+08:00"\n'), '10 timeZone: is not a time zone'],
  [
    'an unknown preset',
    smallFile({}, 'policy: { preset: mine }\n'),
    '10 policy.preset: must be one of: msk-operations',
  ],
  [
    'a warning above the critical level',
    smallFile({}, 'policy:\n  limits:\n    diskUsedPercent: { warning: 90 }\n'),
    '12 policy.limits.diskUsedPercent.critical: must be at least the warning of 90',
  ],
  [
    'a floor the wrong way round',
    smallFile({}, 'policy: { floors: { availabilityPercent: { warning: 99, critical: 99.9 } } }\n'),
    '10 policy.floors.availabilityPercent.critical: must be at most the warning of 99',
  ],
  [
    'a level that a worse one always hides',
    smallFile({}, 'policy: { limits: { cpuUsedPercent: { warning: 90, critical: 90 } } }\n'),
    '10 policy.limits.cpuUsedPercent.critical: equals warning and is reached no later',
  ],
  [
    'minutes without a level',
    smallFile({}, 'policy: { limits: { gcCount: { warning: 1, criticalForMinutes: 5 } } }\n'),
    '10 policy.limits.gcCount.criticalForMinutes: has no critical to go with',
  ],
  [
    'a rule without a level',
    smallFile({}, 'policy: { limits: { gcCount: {} } }\n'),
    '10 policy.limits.gcCount: has no level: name one, or off',
  ],
  [
    'more than all of a disk',
    smallFile({}, 'policy: { limits: { diskUsedPercent: { critical: 120 } } }\n'),
    '10 policy.limits.diskUsedPercent.critical: must be at most 100',
  ],
  [
    'a negative limit',
    smallFile({}, 'policy: { limits: { lagSeconds: { warning: -1 } } }\n'),
    '10 policy.limits.lagSeconds.warning: must be at least 0',
  ],
  [
    'a limit that is no number',
    smallFile({}, 'policy: { limits: { lagSeconds: { warning: 5 min } } }\n'),
    '10 policy.limits.lagSeconds.warning: must be a number, is a string',
  ],
  [
    'a limit that is a word',
    smallFile({}, 'policy: { limits: { lagSeconds: of } }\n'),
    '10 policy.limits.lagSeconds: must be off; did you mean "off"?',
  ],
  [
    'milder faults answered sooner',
    smallFile({}, 'policy: { responseMinutes: { emergency: 30 } }\n'),
    '10 policy.responseMinutes: must not grow shorter for what is milder',
  ],
  [
    'a ladder out of order',
    smallFile(
      {},
      'policy: { escalation: { warning: [{ afterMinutes: 30, to: emergency }, { afterMinutes: 15, to: critical }] } }\n',
    ),
    '10 policy.escalation.warning[1]: comes before the step above it',
  ],
  [
    'an unknown procedure',
    smallFile({}, 'modes: { storage-scalling: act }\n'),
    '10 modes.storage-scalling: is not a setting; did you mean "storage-scaling"?',
  ],
  [
    'a schedule of another tool',
    smallFile({}, 'schedules: { cluster-health-light: "*/5 * * * *" }\n'),
    '10 schedules.cluster-health-light: must be rate(…) or cron(…) of AWS',
  ],
  [
    'a rate that AWS refuses',
    smallFile({}, 'schedules: { cluster-health-light: rate(1 minutes) }\n'),
    '10 schedules.cluster-health-light: must read rate(1 minute), rate(2 minutes)',
  ],
  [
    'an hour that no day has',
    smallFile({}, 'schedules: { cluster-health-full: cron(0 25 * * ? *) }\n'),
    '10 schedules.cluster-health-full: 25 is not between 0 and 23',
  ],
  [
    'a cron that AWS refuses',
    smallFile({}, 'schedules: { cluster-health-full: cron(0 9 * * * *) }\n'),
    '10 schedules.cluster-health-full: must have ? as day of the month or as day of the week',
  ],
  [
    'a contact without its channel',
    smallFile({}, 'contacts: [{ role: lead, level: management, channel: mail }]\n'),
    '10 contacts[0].channel: names no endpoint of channels.endpoints',
  ],
  [
    'an endpoint without a reference',
    smallFile({}, 'channels: { endpoints: { mail: { kind: email } } }\n'),
    '10 channels.endpoints.mail.parameter: is missing: must be a text',
  ],
  [
    'a window that never ends',
    smallFile(
      {},
      'maintenanceWindows:\n  - { name: w, impact: low, every: once, from: 2027-01-01T00:00:00Z, to: 2028-01-01T00:00:00Z }\n',
    ),
    '11 maintenanceWindows[0]: is open for more than 7 days',
  ],
  [
    'a window of no kind',
    smallFile({}, 'maintenanceWindows:\n  - { name: w, impact: low, every: yera }\n'),
    '11 maintenanceWindows[0].every: must be one of: day, week, month, once',
  ],
  [
    'a window on 30 February',
    smallFile(
      {},
      'maintenanceWindows:\n  - { name: w, impact: low, every: once, from: 2027-02-30T00:00:00Z, to: 2027-03-01T00:00:00Z }\n',
    ),
    '11 maintenanceWindows[0].from: must be a moment in UTC',
  ],
  [
    'two windows of one name',
    smallFile(
      {},
      'maintenanceWindows:\n  - { name: w, impact: low, every: day, from: "01:00", to: "02:00" }\n  - { name: w, impact: low, every: day, from: "03:00", to: "04:00" }\n',
    ),
    '12 maintenanceWindows[1].name: is that of item 0 too',
  ],
  [
    'an address that is no address',
    smallFile({}, '    endpoints: [{ name: shop, url: "ftp://shop.example", kind: application }]\n'),
    '10 clusters.orders.endpoints[0].url: must be an http or https address',
  ],
  [
    'a backup of a backup',
    smallFile(
      {},
      `${backup}${backup.replace('standby', 'third').replace('11111111', '22222222').replace('role: backup', 'role: backup\n    backupOf: standby')}`,
    ),
    'clusters.third.backupOf: names "standby", which is a backup itself',
  ],
  [
    'a letter swapped with its neighbour',
    smallFile({}, 'modes: { dirll: off }\n'),
    '10 modes.dirll: is not a setting; did you mean "drill"?',
  ],
  [
    'a rate of nothing',
    smallFile({}, 'schedules: { cluster-health-light: rate(0 minutes) }\n'),
    '10 schedules.cluster-health-light: must be at least every minute',
  ],
  [
    'a port that no machine has',
    smallFile({}, '    bootstrap: 127.0.0.1:9092,127.0.0.1:99999\n'),
    '10 clusters.orders.bootstrap: has a port beyond 65535',
  ],
  [
    'ZooKeeper under Express brokers',
    smallFile({}, '    brokerKind: express\n    metadataMode: zookeeper\n'),
    '11 clusters.orders.metadataMode: must be kraft on Express brokers',
  ],
  [
    'plaintext on Express brokers',
    smallFile({ authentication: '    authentication: { kind: plaintext }' }, '    brokerKind: express\n'),
    '8 clusters.orders.authentication.kind: cannot be plaintext on Express brokers',
  ],
  [
    'an endpoint twice in one topic',
    smallFile(
      {},
      'channels:\n  endpoints: { mail: { kind: email, parameter: /mskeeper/mail } }\n  byTopic: { warning: [mail, mail] }\n',
    ),
    '12 channels.byTopic.warning[1]: stands in this list already',
  ],
  [
    'two endpoints of one name',
    smallFile(
      {},
      '    endpoints:\n      - { name: shop, url: "https://a.example", kind: application }\n      - { name: shop, url: "https://b.example", kind: application }\n',
    ),
    '12 clusters.orders.endpoints[1].name: is that of item 0 too',
  ],
  [
    'a flowing topic named twice',
    smallFile(
      {},
      '    topics: { flowing: [{ name: a, minMessagesPerMinute: 1 }, { name: a, minMessagesPerMinute: 2 }] }\n',
    ),
    '10 clusters.orders.topics.flowing[1].name: is that of item 0 too',
  ],
  [
    'one role given to two contacts',
    smallFile(
      {},
      'channels: { endpoints: { mail: { kind: email, parameter: /mskeeper/mail } } }\ncontacts:\n  - { role: lead, level: management, channel: mail }\n  - { role: lead, level: executives, channel: mail }\n',
    ),
    '13 contacts[1].role: is that of item 0 too',
  ],
])('%s is refused with its line and path', (_name, text, mistake) => {
  const mistakes = mistakesOf(text);
  expect(mistakes).toEqual([expect.stringContaining(mistake)]);
});

test('a broken preset stops everything, since it is the release’s own', () => {
  expect(() => parsePreset('mine', 'limits: {}\n')).toThrow(/preset mine: .*brokerAnswerTimeoutMs/s);
  expect(() => parsePreset('mine', '{')).toThrow(/preset mine/);
});
