import { describe, expect, test } from 'vitest';
import { parsePolicy, parseTrustPolicy } from '../../../local/aws/iam/policy.ts';
import { clusterArn, mailParameter, openCliWorld } from '../../support/cli/cli-world.ts';
import { examine, wrongIn } from '../../support/cli/doctor.ts';

describe('each check of the account finds what is wrong', () => {
  test('credentials: another account, and nothing else is asked', async () => {
    const world = await openCliWorld({
      lines: { 'arn:': `    arn: ${clusterArn.replace('111122223333', '999988887777')}` },
    });
    const told = await examine(world);
    expect(wrongIn(told)).toEqual([
      'failed credentials, credentials: arn:aws:iam::111122223333:user/local-admin is in account 111122223333, the cluster in 999988887777',
    ]);
    expect(told.status).toBe(1);
    expect(world.standIn.world.calls.all.map(({ operation }) => operation)).toEqual(['GetCallerIdentity']);
  });

  test('cluster: it is not there', async () => {
    const world = await openCliWorld();
    world.standIn.msk.removeCluster(clusterArn);
    expect(wrongIn(await examine(world))).toContain(`failed cluster, cluster: MSK knows no cluster ${clusterArn}`);
  });

  test('cluster: it is another one than configured', async () => {
    const world = await openCliWorld({
      lines: { 'brokerCount:': '    brokerCount: 6\n    monitoringLevel: PER_BROKER\n    zoneCount: 3' },
      cluster: {
        metadataMode: 'zookeeper',
        brokers: [1, 2, 3].map((brokerId) => ({ brokerId, addresses: { tls: `b-${brokerId}.local:9094` } })),
      },
    });
    world.standIn.msk.setState(clusterArn, 'UPDATING');
    expect(wrongIn(await examine(world))).toEqual([
      'warning cluster, state: orders-live is UPDATING, not ACTIVE',
      'failed cluster, broker ids: MSK lists 1, 2, 3, mskeeper.yml says 1, 2, 3, 4, 5, 6',
      'failed cluster, zones: MSK says 1, mskeeper.yml says 3',
      'failed cluster, monitoring level: MSK sends DEFAULT only, mskeeper.yml says PER_BROKER: alarms on its metrics would stay without data',
      'failed cluster, metadata mode: MSK says zookeeper, mskeeper.yml says kraft',
      'failed cluster, authentication: the cluster has no listener for iam; it has BootstrapBrokerStringTls',
    ]);
  });

  test('references: a parameter that is missing or sealed, a secret that is missing, deleted or unknown to MSK', async () => {
    const world = await openCliWorld({
      lines: { 'authentication:': '    authentication: { kind: scram, secretId: AmazonMSK_orders }' },
      more: `channels:
  endpoints:
    on-call-sms: { kind: sms, parameter: /none }
    team-mail: { kind: email, parameter: ${mailParameter} }
    pagers: { kind: pagerduty, secret: mskeeper/pagers }
    slack: { kind: slack, secret: mskeeper/slack, channel: C0123456789 }
  byTopic:
    emergency: [on-call-sms, team-mail, pagers, slack]
`,
    });
    world.standIn.ssm.put(mailParameter, 'team@example.com', 'SecureString');
    world.standIn.secrets.put('AmazonMSK_orders', '{}');
    world.standIn.secrets.put('mskeeper/slack', 'x');
    world.standIn.secrets.scheduleDeletion('mskeeper/slack');
    expect(wrongIn(await examine(world)).filter((line) => line.includes('references'))).toEqual([
      'failed references, channel on-call-sms: there is no parameter /none; CloudFormation reads it when it deploys',
      `failed references, channel team-mail: the parameter ${mailParameter} is a SecureString, which CloudFormation does not read into a subscription`,
      'failed references, channel pagers: there is no secret mskeeper/pagers',
      'failed references, channel slack: the secret mskeeper/slack is being deleted',
      'failed references, SCRAM association: the cluster does not know AmazonMSK_orders: MSK lets nobody in by it',
    ]);
  });

  test('references: what a function reads has other fields than it looks for, or lies open; no value is told', async () => {
    const world = await openCliWorld({
      more: `channels:
  endpoints:
    pagers: { kind: pagerduty, secret: mskeeper/pagers }
    phone: { kind: phone, parameter: /mskeeper/phone }
    lead: { kind: pagerduty, parameter: /mskeeper/lead }
    room: { kind: slack, secret: mskeeper/slack, channel: C0123456789 }
    idle: { kind: slack, secret: mskeeper/nowhere, channel: C9876543210 }
  byTopic:
    emergency: [pagers, phone, room]
  heartbeat: { parameter: /mskeeper/heartbeat }
policy: { escalation: { emergency: [{ afterMinutes: 5, endpoints: [lead] }] } }
`,
    });
    const planted = 'PlantedPlantedPlantedPlantedPlan';
    world.standIn.secrets.put('mskeeper/pagers', `https://events.pagerduty.com/integration/${planted}/enqueue`);
    const unfit = { routingKey: `${planted}d`, region: 'us-east-1', rest: { clientId: planted }, [planted]: planted };
    world.standIn.ssm.put('/mskeeper/phone', JSON.stringify(unfit), 'SecureString');
    world.standIn.ssm.put('/mskeeper/lead', JSON.stringify({ routingKey: planted }));
    world.standIn.secrets.put('mskeeper/slack', JSON.stringify({ botToken: `xoxp-${planted}` }));
    const told = await examine(world);
    expect(wrongIn(told).filter((line) => line.includes('references'))).toEqual([
      'failed references, channel pagers: what is kept for it cannot be used: expected an object of {routingKey, region?, rest?}',
      'failed references, channel phone: what is kept for it cannot be used: routingKey (expected the 32 letters and digits of an Events API v2 integration key); region (expected us or eu, where the account lives); rest (expected {apiToken} of a read-only key, or {clientId, clientSecret, subdomain} of a Scoped OAuth app); expected an object of {routingKey, region?, rest?}',
      'warning references, channel lead: the parameter /mskeeper/lead is a String: whoever may read parameters reads what it holds',
      'failed references, channel room: what is kept for it cannot be used: botToken (expected a bot token of the app, which begins with xoxb-)',
      'failed references, heartbeat: there is no parameter /mskeeper/heartbeat; a function reads it when it tells people',
    ]);
    expect(JSON.stringify(told)).not.toContain('Planted');
  });

  test('references: what may not be read is unknown, and says so', async () => {
    const world = await openCliWorld({
      more: 'channels: { endpoints: { pagers: { kind: pagerduty, secret: mskeeper/pagers } }, byTopic: { critical: [pagers] } }\n',
    });
    world.standIn.secrets.put('mskeeper/pagers', JSON.stringify({ routingKey: '0123456789abcdef0123456789abcdef' }));
    const { identities } = world.standIn.world;
    const statements = [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'secretsmanager:GetSecretValue', Resource: '*' },
    ];
    identities.addRole({
      name: 'reader',
      policies: [parsePolicy({ Statement: statements })],
      trust: parseTrustPolicy({ Statement: [] }),
    });
    const { status, written } = await world.run(['doctor', '--json'], identities.assumeRole('reader', 'ann'));
    expect(wrongIn({ status, ...JSON.parse(written) }).filter((line) => line.includes('references'))).toEqual([
      expect.stringMatching(/^unknown references, channel pagers: secretsmanager:GetSecretValue: denied/),
    ]);
    expect(wrongIn(await examine(world)).filter((line) => line.includes('references'))).toEqual([]);
  });

  test('session names: a role of approverPrincipals whose people may choose them, one that binds them, one that is not there', async () => {
    const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
    const more = `approvals: { storage-scaling: { isRequired: true } }
approverPrincipals: [${roleArn('on-call')}, ${roleArn('bound')}, ${roleArn('none')}, ${roleArn('ops/on-call')}]
`;
    const world = await openCliWorld({ more });
    const people = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'sts:AssumeRole' };
    const own = `\${aws:username}`;
    const statements = {
      'on-call': people,
      bound: { ...people, Condition: { StringEquals: { 'sts:RoleSessionName': own } } },
    };
    for (const [name, statement] of Object.entries(statements)) {
      const trust = parseTrustPolicy({ Statement: [statement] });
      world.standIn.world.identities.addRole({ name, policies: [], trust });
    }
    const told = await examine(world);
    expect(wrongIn(told).filter((line) => line.includes('session-names'))).toEqual([
      expect.stringMatching(
        /^warning session-names, role \S+role\/on-call: whoever takes it may choose the session’s name/,
      ),
      expect.stringMatching(/^failed session-names, role \S+role\/none: there is no such role/),
      expect.stringMatching(/^failed session-names, role \S+role\/ops\/on-call: there is no such role/),
    ]);
    expect(told.findings).toContainEqual(
      expect.objectContaining({ check: 'session-names', subject: `role ${roleArn('bound')}`, status: 'ok' }),
    );
  });

  test('kill switch: on, missing, and neither on nor off', async () => {
    const world = await openCliWorld({ more: 'modes: { storage-scaling: act }\n' });
    const killSwitch = async () => wrongIn(await examine(world)).filter((line) => line.includes('kill-switch'));
    world.standIn.ssm.put('/mskeeper/kill-switch', 'on');
    expect(await killSwitch()).toEqual([
      'warning kill-switch, parameter /mskeeper/kill-switch: is on: nothing acts (storage-scaling may act by mode, and will not)',
    ]);
    world.standIn.ssm.put('/mskeeper/kill-switch', 'Off');
    expect(await killSwitch()).toEqual([
      'failed kill-switch, parameter /mskeeper/kill-switch: says neither on nor off, which stops every act: storage-scaling may act by mode, and will not',
    ]);
    world.standIn.ssm.remove('/mskeeper/kill-switch');
    expect(await killSwitch()).toEqual([
      'failed kill-switch, parameter /mskeeper/kill-switch: is not there, which stops every act: storage-scaling may act by mode, and will not',
    ]);
  });

  test('claim on the cluster: another stack keeps it before this one is deployed', async () => {
    const world = await openCliWorld();
    const name = '/mskeeper/claims/orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4';
    const other = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/mskeeper-orders-eu/1a2b';
    world.standIn.ssm.put(name, other);
    expect(wrongIn(await examine(world))).toEqual([
      `failed cluster-claim, parameter ${name}: names the stack mskeeper-orders-eu (${other}): CloudFormation will refuse another stack for this cluster`,
    ]);
  });

  test('durable functions: a Lambda that does not know them', async () => {
    const world = await openCliWorld();
    Reflect.deleteProperty(
      world.standIn.world.services.get('lambda')?.operations ?? {},
      'ListDurableExecutionsByFunction',
    );
    expect(wrongIn(await examine(world))).toEqual([
      'failed durable-functions, Lambda in eu-west-1: does not know ListDurableExecutionsByFunction (NotImplemented): procedures that wait cannot be deployed',
    ]);
  });

  test('quotas: a new account’s concurrency and SMS sandbox', async () => {
    const world = await openCliWorld();
    world.standIn.quotas.set('lambda', 'Concurrent executions', 5);
    world.standIn.sns.setSms({ isInSandbox: true });
    const told = await examine(world);
    expect(wrongIn(told)).toEqual([
      expect.stringMatching(/^warning quotas, Lambda concurrency: 5 for the whole account in this Region/),
      'warning quotas, SMS: the account is in the SMS sandbox: SNS sends to verified numbers only',
    ]);
    expect(told.status).toBe(0);
  });

  test('deployer: credentials that may not make roles', async () => {
    const world = await openCliWorld();
    const { identities } = world.standIn.world;
    const statements = [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'iam:CreateRole', Resource: '*' },
    ];
    identities.addRole({
      name: 'release',
      policies: [parsePolicy({ Statement: statements })],
      trust: parseTrustPolicy({ Statement: [] }),
    });
    const { status, written } = await world.run(['doctor', '--json'], identities.assumeRole('release', 'pipeline'));
    expect(wrongIn({ status, ...JSON.parse(written) })).toEqual([
      'failed deployer, roles: these credentials may not iam:CreateRole (a statement denies it)',
    ]);
    expect(status).toBe(1);
  });
});
