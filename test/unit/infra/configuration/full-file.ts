import { stringify } from 'yaml';
import { weekdays } from '../../../../shared/core/maintenance-window.ts';
import { flooredQuantities, limitedQuantities, scalingQuantities } from '../../../../shared/core/policy-quantities.ts';
import { keyUses } from '../../../../shared/core/stack-settings.ts';

export type Path = readonly (string | number)[];

const levels = ['notice', 'warning', 'critical', 'emergency'] as const;

/** All levels and their times; of floors the worse is the lower. */
const limit = (isFloor: boolean) =>
  Object.fromEntries(
    levels.flatMap((level, index) => [
      [level, isFloor ? 90 - index : 40 + index],
      [`${level}ForMinutes`, 10],
    ]),
  );
const limitsOf = (quantities: readonly string[], isFloor = false) =>
  Object.fromEntries(quantities.map((quantity) => [quantity, limit(isFloor)]));

const clusterOf = (region: string, more: object) => ({
  arn: `arn:aws:kafka:${region}:111122223333:cluster/orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4`,
  region,
  role: 'primary',
  brokerCount: 3,
  brokerIds: [1, 2, 5],
  brokerKind: 'standard',
  metadataMode: 'kraft',
  zoneCount: 3,
  monitoringLevel: 'PER_BROKER',
  authentication: { kind: 'scram', secretId: 'AmazonMSK_orders' },
  bootstrap: 'b-1.orders.abc123.c2.kafka.eu-west-1.amazonaws.com:9096',
  network: { subnetIds: ['subnet-0a1b2c3d4e5f60001'], securityGroupIds: ['sg-0a1b2c3d4e5f60001'] },
  topics: {
    critical: [{ name: 'orders', replicationFactor: 3 }],
    watch: ['*'],
    ignore: ['__*'],
    deadLetter: ['*.dlq'],
    flowing: [{ name: 'orders', minMessagesPerMinute: 1.5 }],
  },
  groups: { watch: ['billing'], ignore: ['console-*'] },
  endpoints: [{ name: 'shop', url: 'https://shop.example.com/health', kind: 'application' }],
  ...more,
});

/** mskeeper.yml with every setting that there is, each kind of alternative once. */
export const fullFile = {
  version: 1,
  timeZone: 'Europe/Berlin',
  policy: {
    preset: 'msk-operations',
    brokerAnswerTimeoutMs: 5000,
    limits: limitsOf(limitedQuantities),
    floors: limitsOf(flooredQuantities, true),
    scaling: limitsOf(scalingQuantities),
    storage: { stepGiB: 100, maxVolumeGiB: 1024 },
    mustTell: true,
    cooldown: { brokersSeconds: 300 },
    partitions: {
      added: 4,
      addedAboveLagMessages: 10000,
      messagesPerSecondEach: 1000,
      minimum: 3,
      laggingTopicTotal: 12,
      isSizedByThroughput: true,
    },
    anomaly: { deviations: 2.5, windowHours: 24 },
    responseMinutes: { emergency: 5, critical: 15, warning: 60, notice: 240 },
    escalation: {
      emergency: [{ afterMinutes: 5, level: 'management' }],
      critical: [{ afterMinutes: 5, endpoints: ['pager'] }],
      warning: [{ afterMinutes: 5, raisesTo: 'critical' }],
    },
  },
  clusters: {
    orders: clusterOf('eu-west-1', {
      stack: {
        keys: Object.fromEntries(
          keyUses.map((use) => [use, 'arn:aws:kms:eu-west-1:111122223333:key/11111111-0000-4000-8000-000000000000']),
        ),
        accessLog: { bucket: 'company-access-logs' },
        permissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary',
        breakGlassRole: 'arn:aws:iam::111122223333:role/break-glass',
        deploymentRole: 'arn:aws:iam::111122223333:role/cloudformation',
      },
    }),
    standby: clusterOf('eu-central-1', {
      // Of another account, since a channel of Amazon Q is one an account.
      arn: 'arn:aws:kafka:eu-central-1:444455556666:cluster/orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4',
      role: 'backup',
      backupOf: 'orders',
    }),
  },
  modes: { 'storage-scaling': 'plan' },
  approvals: {
    'storage-scaling': {
      isRequired: true,
      timeoutMinutes: 60,
      validMinutes: 240,
      mayInitiatorApprove: false,
    },
  },
  approverPrincipals: ['arn:aws:iam::111122223333:role/on-call'],
  killSwitch: { parameter: '/mskeeper/kill-switch' },
  actionBudget: { actsPerHour: 4 },
  channels: {
    endpoints: {
      mail: { kind: 'email', parameter: '/mskeeper/mail' },
      pager: { kind: 'pagerduty', secret: 'mskeeper/pager' },
      incidents: { kind: 'slack', parameter: '/mskeeper/slack', channel: 'C0123456789' },
      chat: { kind: 'amazon-q', workspace: 'T0123456789', channel: 'G0123456789' },
    },
    byTopic: {
      emergency: ['pager', 'incidents'],
      critical: ['pager', 'chat'],
      warning: ['mail'],
      maintenance: ['mail'],
      operations: ['incidents'],
    },
    heartbeat: { parameter: '/mskeeper/heartbeat' },
  },
  contacts: [{ role: 'lead', level: 'management', channel: 'mail' }],
  maintenanceWindows: [
    { name: 'daily', impact: 'minimal', every: 'day', from: '02:00', to: '04:00' },
    { name: 'weekly', impact: 'low', every: 'week', on: weekdays[0], from: '01:00', to: '05:00' },
    { name: 'monthly', impact: 'medium', every: 'month', nth: 1, on: weekdays[1], from: '00:00', to: '06:00' },
    {
      name: 'once',
      impact: 'high',
      every: 'once',
      from: '2027-01-31T02:00:00Z',
      to: '2027-01-31T04:00:00Z',
      brokers: [2],
      cluster: true,
    },
  ],
  schedules: {
    'cluster-health-light': 'rate(5 minutes)',
    'cluster-health-full': 'cron(0 9 * * ? *)',
    'incident-minute': 'rate(1 minute)',
    'incident-daily': 'cron(30 9 * * ? *)',
    'storage-scaling-watch': 'rate(1 hour)',
  },
  stack: {
    tags: { 'cost-center': '4711' },
    logRetentionDays: 90,
    reservedConcurrency: { 'storage-scaling': 1 },
    terminationProtection: true,
    auditRetention: { mode: 'governance', days: 365 },
  },
};

/** Of the quantities of a policy, which all have one schema, one of each group. */
const isRepeated = ([root, group, quantity]: Path): boolean => {
  const quantities: Readonly<Record<string, readonly string[]>> = {
    limits: limitedQuantities,
    floors: flooredQuantities,
    scaling: scalingQuantities,
  };
  const [first] = quantities[String(group)] ?? [];
  return root === 'policy' && first !== undefined && quantity !== undefined && quantity !== first;
};

const pathsIn = (value: unknown, path: Path): readonly Path[] => {
  const inside = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  return [path, ...inside.flatMap(([key, item]) => pathsIn(item, [...path, key]))];
};

/** Every setting of the full file, maps and lists themselves among them, each group of equal ones by its first. */
export const fullPaths: readonly Path[] = pathsIn(fullFile, [])
  .slice(1)
  .filter((path) => !isRepeated(path) && (path[1] !== 'standby' || path[2] === 'backupOf'));

export const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined,
    data,
  );

const replaceAt = (value: unknown, [key, ...rest]: Path, replacement: unknown): unknown => {
  if (key === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((item, index) => (index === key ? replaceAt(item, rest, replacement) : item));
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([name, item]) => [name, name === key ? replaceAt(item, rest, replacement) : item]),
  );
};

const mark = 'the-place-of-the-odd-one';

/** The full file as YAML with some text, as it stands, in the place of one setting. */
export const fullTextWith = (path: Path, snippet: string): string =>
  stringify(replaceAt(fullFile, path, mark), { lineWidth: 0 }).replace(mark, () => snippet);
