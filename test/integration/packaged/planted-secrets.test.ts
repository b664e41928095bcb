import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TriggerEvent } from '../../../local/outside/pagerduty/event.ts';
import { watchStandIn } from '../../../local/world/happenings.ts';
import { commandsAlias } from '../../../shared/core/incident-command.ts';
import {
  bridgeParameter,
  clusterArn,
  clusterKey,
  fullCheck,
  heartbeatParameter,
  lightCheck,
  mailAddress,
  type PackagedStack,
  secretId,
  slackChannel,
  smsNumber,
  smsParameter,
  usePackagedStack,
} from '../../support/aws/packaged-stack.ts';
import { keptObjects, loggedText } from '../../support/aws/packaged-traces.ts';
import { eventually } from '../../support/eventually.ts';
import { createTopic } from '../../support/kafka/kafka.ts';
import { shareKafka } from '../../support/kafka/shared-kafka.ts';

const cluster = shareKafka({ brokerCount: 1 });
const stack = usePackagedStack();

const planted = {
  token: 'xoxb-1234567890-planted',
  topicToken: 'ghp_plantedPlanted0123456789',
  password: 'planted-Hunter2',
  keyId: 'AKIAIOSFODNN7EXAMPLE',
  telephone: '555 010 0199',
  urlKey: 'planted-in-the-address',
} as const;
const sentence = `password=${planted.password}, token ${planted.token}, key ${planted.keyId}, call +1 ${planted.telephone}`;

const foreign = 'the service control policy says no';

/** A health endpoint whose address holds a key, and which says that key again in its answer. */
const endpoint = createServer((request, response) => response.writeHead(503).end(request.url));
let endpointUrl = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is no string.
  const { port } = endpoint.address() as AddressInfo;
  endpointUrl = `http://127.0.0.1:${port}/health?key=${planted.urlKey}`;
});
afterAll(() => {
  endpoint.close();
});

const createGroup = async (groupId: string, topic: string): Promise<void> => {
  const admin = new Kafka({ brokers: cluster.kafka.bootstrapServers(), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '0' }] });
  } finally {
    await admin.disconnect();
  }
};

const open = (address: string): Promise<PackagedStack> =>
  stack.open({
    address,
    cluster: {
      authentication: { kind: 'scram', secretId },
      endpoints: [{ name: 'shop', kind: 'application', url: endpointUrl }],
      groups: { watch: [], ignore: [] },
      topics: {
        // Promised with three copies and made with one, so that findings and notifications name it.
        critical: [{ name: planted.topicToken, replicationFactor: 3 }],
        watch: [],
        ignore: [],
        deadLetter: [],
        flowing: [],
      },
    },
  });

/**
 * Keys and addresses of every channel. One pager takes what it is sent; of the other the key is nobody's, and the watcher's address
 * is none before it is one.
 */
function plantChannels({ standIn }: PackagedStack) {
  const { pagerDuty, slack } = standIn.outside;
  const keyOf = (name: string) => pagerDuty.addService({ name }).routingKey;
  const planting = {
    routingKey: keyOf('on-call-phone'),
    apiToken: pagerDuty.addApiToken(),
    nobodysRoutingKey: 'plantedPlantedPlantedPlanted0199',
    nobodysClientSecret: 'planted-client-secret-0199',
    botToken: slack.addBot(),
    bridgeKey: 'planted-in-the-bridge',
    heartbeatKey: 'planted-in-the-heartbeat',
  };
  const { routingKey, apiToken, nobodysRoutingKey, nobodysClientSecret, botToken, bridgeKey, heartbeatKey } = planting;
  const rest = { clientId: 'nobody', clientSecret: nobodysClientSecret, subdomain: 'nobody' };
  standIn.secrets.put('mskeeper/phone', JSON.stringify({ routingKey, rest: { apiToken } }));
  standIn.secrets.put('mskeeper/pagerduty', JSON.stringify({ routingKey: nobodysRoutingKey, rest }));
  standIn.secrets.put('mskeeper/slack', JSON.stringify({ botToken }));
  standIn.ssm.put(bridgeParameter, `https://bridge.example.org/?key=${bridgeKey}`, 'SecureString');
  standIn.ssm.put(heartbeatParameter, `no address ${heartbeatKey}, ${sentence}`, 'SecureString');
  return {
    planting,
    /** What is wrong with them is said, and then mended. */
    mend: () => standIn.ssm.put(heartbeatParameter, `https://watch.example.org/${heartbeatKey}`, 'SecureString'),
  };
}

/** What people of PagerDuty and Slack read. */
const readOutside = ({ standIn }: PackagedStack): string => {
  const { pagerDuty, slack } = standIn.outside;
  // A service is addressed by its key, in the field that is made for it.
  const said = (event: TriggerEvent | undefined) => event && { ...event, routing_key: undefined };
  const incidents = pagerDuty.incidents().map(({ summary, key, log }) => ({
    summary,
    key,
    log: log.map((entry) => ({ ...entry, event: said(entry.event) })),
  }));
  return JSON.stringify({ incidents, changes: pagerDuty.changes, messages: slack.messages() });
};

/** Everything that leaves a function, by where it went. The addresses of subscriptions are not part of a message. */
const leftBehind = (opened: PackagedStack, happenings: readonly unknown[], answers: readonly unknown[]) => {
  const { standIn } = opened;
  return {
    logs: loggedText(standIn),
    events: JSON.stringify(
      standIn.eventBridge.events.map(({ event }) => event).filter(({ source }) => source === 'mskeeper'),
    ),
    notifications: JSON.stringify(standIn.sns.inbox.map(({ subject, message }) => ({ subject, message }))),
    outside: readOutside(opened),
    objects: JSON.stringify(keptObjects(standIn)),
    drillTimeline: JSON.stringify(happenings),
    answers: JSON.stringify(answers),
  };
};

const minute = { source: 'mskeeper.schedule', procedure: 'incident', scope: 'minute' };
/** Incident by hand: its schedule comes when it likes. */
async function tellPeople({ standIn, invoke }: PackagedStack, mend: () => void): Promise<readonly unknown[]> {
  const first = await invoke('incident', minute);
  mend();
  const answers = [first, await invoke('incident', minute)];
  // Whoever asks what is open has the pagers asked, too.
  const list = { source: 'mskeeper.manual', procedure: 'incident', command: 'list' };
  const listed = await standIn.lambda.invoke({
    functionName: `mskeeper-${clusterKey}-incident:${commandsAlias}`,
    payload: Buffer.from(JSON.stringify(list)),
    invocationType: 'RequestResponse',
  });
  return [...answers, new TextDecoder().decode(listed.payload)];
}

test('a token, a password, a key and a telephone number planted everywhere are found nowhere', async () => {
  const { kafka } = cluster;
  const { credentials, certificates } = kafka;
  if (credentials === undefined || certificates === undefined) throw new Error('a secured listener was asked for');
  await createTopic(kafka, planted.topicToken, { partitions: 1, replicationFactor: 1 });
  await createGroup(sentence, planted.topicToken);

  const opened = await open(kafka.bootstrapServers('scram')[0] ?? '');
  const { standIn, check, invoke } = opened;
  const newHappenings = watchStandIn(standIn);
  const secret = { ...credentials, ca: certificates.authority, note: sentence };
  standIn.secrets.put(secretId, JSON.stringify(secret));
  standIn.ssm.put(smsParameter, `+1 ${planted.telephone}`, 'SecureString');
  const { planting, mend } = plantChannels(opened);

  const answers: unknown[] = [];
  answers.push(await check({ ...fullCheck, requestedBy: sentence }));
  // Refused events: by shape (their id is in the log line), by an unknown alarm's name, and by servers that are strangers.
  answers.push(await check({ ...fullCheck, id: sentence, scope: sentence, [sentence]: sentence }));
  answers.push(await check({ source: 'aws.cloudwatch', 'detail-type': sentence, detail: { alarmName: sentence } }));
  const request = { groups: true, commits: true, ends: 'both', logDirectories: true, topicSettings: [] };
  const look = { version: 1, operation: 'look', request: { ...request, expectedBrokerIds: [1] }, withinMs: 20_000 };
  const strangers = [`scram://user:${planted.password}@kafka.example:9092`, `token=${planted.token}:9092`];
  answers.push(await invoke('kafka-read', { ...look, bootstrapServers: strangers }));
  // Wrong secrets: a password that is refused, and texts of another shape, which an error could quote.
  for (const wrong of [
    { ...secret, password: planted.password },
    { user: sentence, pass: sentence },
  ]) {
    standIn.secrets.put(secretId, JSON.stringify(wrong));
    answers.push(await check(lightCheck));
  }
  standIn.secrets.put(secretId, `{ "username": "mskeeper", ${sentence}`);
  // What AWS itself says: its words stand in a finding, and go wherever findings go.
  standIn.world.faults.inject({ operation: 'kafka:ListNodes', fault: 'deny', message: `${foreign}: ${sentence}` });
  standIn.msk.setState(clusterArn, 'FAILED');
  answers.push(await check(fullCheck));
  const { pagerDuty, slack } = standIn.outside;
  await eventually(
    async () => {
      answers.push(...(await tellPeople(opened, mend)));
      expect(standIn.sns.inbox.map(({ protocol }) => protocol)).toEqual(
        expect.arrayContaining(['sms', 'email', 'https']),
      );
      expect(pagerDuty.incidents().map(({ service }) => service.name)).toContain('on-call-phone');
      expect(slack.messages(slackChannel)).not.toEqual([]);
      expect(
        standIn.outside.calls.all.filter(({ host, outcome }) => host === 'watch.example.org' && outcome === 'ok'),
      ).not.toEqual([]);
    },
    { intervalMs: 5_000 },
  );

  const texts = leftBehind(opened, newHappenings(), answers);
  // What is searched is there, and says where something was taken out (a notification escapes brackets).
  for (const [where, text] of Object.entries(texts)) expect(text.length, where).toBeGreaterThan(200);
  for (const mark of ['password=[redacted]', '[redacted key]', '[redacted telephone]'])
    expect(texts.logs).toContain(mark);
  expect(texts.answers).toContain('InvalidEventError');
  expect(texts.objects).toContain('endpoint shop');

  expect(texts.objects).toContain(foreign);

  // A topic's name is an identifier, whatever it looks like: people must find it by the letter.
  const { topicToken, ...hidden } = planted;
  for (const where of ['events', 'notifications', 'outside', 'objects'] as const)
    expect(texts[where], where).toContain(topicToken);
  const secrets = { ...hidden, ...planting, scramPassword: credentials.password, smsNumber, mailAddress };
  for (const [where, text] of Object.entries(texts))
    for (const [name, value] of Object.entries(secrets))
      expect(text.includes(value), `${name} in ${where}: ${around(text, value)}`).toBe(false);
});

const around = (text: string, value: string): string => {
  const at = text.indexOf(value);
  return at < 0 ? '' : text.slice(Math.max(0, at - 300), at + 100);
};
