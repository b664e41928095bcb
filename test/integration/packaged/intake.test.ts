import { expect, test } from 'vitest';
import alarm from '../../events/alarm-single-metric.json' with { type: 'json' };
import forecast from '../../events/storage-forecast.json' with { type: 'json' };
import { type PackagedStack, usePackagedStack } from '../../support/aws/packaged-stack.ts';
import { eventually } from '../../support/eventually.ts';

const stack = usePackagedStack();
/** Nobody listens on the discard port: an intake asks no broker, and a run that looks finds none. */
const address = '127.0.0.1:9';
const slug = 'storage-scaling';
const alarmNamed = (alarmName: string) => ({ ...alarm, detail: { ...alarm.detail, alarmName } });
const storageAlarm = alarmNamed('mskeeper/trial/storage-scaling/disk/warning');
const person = { source: 'mskeeper.manual', procedure: slug, scope: 'light', requestedBy: 'alice' };
const trialForecast = { ...forecast, detail: { ...forecast.detail, cluster: 'trial' } };

const runsOf = ({ standIn }: PackagedStack) => standIn.lambda.durable.executions();

test('four wake-ups at once start one run, and say its name', async () => {
  const opened = await stack.open({ address });
  const answers = await Promise.all(
    [storageAlarm, person, trialForecast, storageAlarm].map((event) => opened.invoke(slug, event)),
  );
  expect(answers.map(({ errorMessage }) => errorMessage)).toEqual([undefined, undefined, undefined, undefined]);
  for (const { answer } of answers)
    expect(answer).toMatchObject({ executionName: 'trial-storage-scaling-1', episode: 1 });
  expect(runsOf(opened).map(({ name }) => name)).toEqual(['trial-storage-scaling-1']);
  const bucket = opened.standIn.s3.bucket(`mskeeper-trial-bucket-${opened.standIn.world.accountId}`);
  expect([...bucket.versions.keys()].filter((key) => key.startsWith('state/'))).toEqual([
    'state/storage-scaling/trial.json',
  ]);
});

test('events of another shape, of another cluster and alarms of other procedures are refused by name, and start nothing', async () => {
  const opened = await stack.open({ address });
  for (const event of [
    { hello: 'world' },
    forecast,
    { ...person, scope: 'full' },
    alarmNamed('mskeeper/trial/cluster-health/disk-used/critical/brokers-1-to-10'),
  ])
    expect(await opened.invoke(slug, event)).toMatchObject({ errorType: 'InvalidEventError' });
  expect(runsOf(opened)).toEqual([]);
  expect(opened.standIn.world.calls.all).toEqual([]);
});

test('a run that fails is told to the bus as a fault, and its event is kept', async () => {
  const opened = await stack.open({ address });
  const { standIn } = opened;
  // The event of somebody else's hand: whatever the run refuses ends it.
  await standIn.lambda.invoke({
    functionName: 'mskeeper-trial-storage-scaling-run:durable',
    payload: Buffer.from('{"version":1,"cluster":"trial"}'),
    invocationType: 'Event',
    invokedBy: '',
    durableExecutionName: 'trial-storage-scaling-9',
  });
  await eventually(() => {
    const findings = standIn.eventBridge.events.filter(({ event }) => event['detail-type'] === 'mskeeper finding');
    expect(JSON.stringify(findings)).toContain('"check":"durable-run"');
    expect(JSON.stringify(findings)).toContain('The run trial-storage-scaling-9 failed');
  });
  expect(runsOf(opened)).toMatchObject([{ name: 'trial-storage-scaling-9', status: 'FAILED' }]);
  const queue = standIn.sqs.all().find(({ name }) => name === 'mskeeper-trial-failed-runs');
  await eventually(() =>
    expect(queue?.messages).toMatchObject([
      { body: '{"version":1,"cluster":"trial"}', attributes: { ErrorMessage: expect.stringContaining('episode') } },
    ]),
  );
});
