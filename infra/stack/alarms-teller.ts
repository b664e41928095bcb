import { incidentHeard } from '../../shared/core/incident-heard.ts';
import type { Alarm } from '../../shared/deployment/alarm.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import { tellerOf } from '../../shared/deployment/teller.ts';
import { lambdaMetrics } from './function-groups.ts';
import { deadLetterQueueNameOf, hiddenSecondsOf, inboxQueueNameOf } from './inbox-names.ts';

const common = { owner: 'self', section: 'mskeeper-itself', tellsItself: true } as const;

/**
 * Whether incident deals with what fires. By the minute, where incident says a last 1 at 0:00 and dies at 0:01: 1:00 to 1:59 is
 * the first minute of nothing, 3:00 to 3:59 the third; CloudWatch judges it once it is over, by a recorded change 49 s later at
 * the most: 4:49, and the composites and SNS follow at once. So P0 and P1 are sent within 5 minutes of incident's death, and where
 * it dies late in a minute within 4. A page that incident itself knows it could not send makes its first 0 up to 3 minutes after it
 * was due, and this alarm 3 minutes later.
 *
 * Two minutes without a word are none: one may be slow or lost in a deploy, since Scheduler comes at any second of its minute;
 * and the newest is a zero by FILL until its datapoint is there (CloudWatch User Guide, "Using metric math", on FILL in
 * alarms). Left to the treatment of missing data, CloudWatch would go on judging what it finds behind the three periods.
 *
 * The warm-up is for the first deploy, in which there is no word yet of the last three minutes. Its end is told: a pager by https
 * joins the next death to what is open there and wakes nobody, and who was told by a text would never hear that incident is back.
 */
const silent = (context: StackContext, { slug }: FunctionDefinition): Alarm => ({
  ...common,
  slug: 'incident-silent',
  severity: 'critical',
  signal: {
    kind: 'math',
    expression: 'FILL(m1, 0)',
    label: 'all is told',
    metricById: {
      m1: {
        namespace: 'mskeeper',
        name: incidentHeard,
        dimensions: { Cluster: context.clusterKey, Procedure: slug },
        statistic: 'Minimum',
      },
    },
  },
  comparison: 'LessThanThreshold',
  threshold: 1,
  periodSeconds: 60,
  evaluationPeriods: 3,
  missing: { treatment: 'breaching', because: 'breaching, since silence is what this alarm listens for' },
  tellsItsEnd: true,
  sentence: `${slug} has not said for 3 min that it told people of every alarm that fires: they may hear of nothing but this.`,
  warmUpMinutes: 5,
});

/** Whether incident is silent, as the composites need it; undefined while alarms tell people themselves. */
export const incidentSilent = (context: StackContext): Alarm | undefined => {
  const teller = tellerOf(context);
  return teller && silent(context, teller);
};

const errors = (context: StackContext, { slug }: FunctionDefinition): Alarm => ({
  ...common,
  slug: 'incident-errors',
  severity: 'warning',
  signal: {
    kind: 'math',
    expression: 'SUM(METRICS())',
    label: 'runs that died',
    metricById: lambdaMetrics(context, [slug], ['Errors'], 'Sum'),
  },
  comparison: 'GreaterThanOrEqualToThreshold',
  threshold: 1,
  periodSeconds: 300,
  // The next minute begins where a dead run left off; two in a quarter of an hour are not chance.
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  missing: { treatment: 'notBreaching', because: 'fine here: incident-silent hears it where no run comes' },
  sentence: `runs of ${slug} die: what people are to hear is late.`,
});

const queueMetric = (QueueName: string, name: string) =>
  ({
    kind: 'metric',
    metric: { namespace: 'AWS/SQS', name, dimensions: { QueueName }, statistic: 'Maximum' },
  }) as const;

const unused = { treatment: 'notBreaching', because: 'fine, since SQS stops telling about a queue that nobody uses' };

/**
 * What lies in the queue is found by the sweep, too, but for notices: the acts that wait for them do not happen. At the end of the
 * second try, and no later: from its third on SQS leaves a message out of the age (SQS Developer Guide, "Available CloudWatch
 * metrics for Amazon SQS", ApproximateAgeOfOldestMessage).
 */
const queueOld = (context: StackContext, teller: FunctionDefinition): Alarm => {
  const seconds = hiddenSecondsOf(teller) + teller.timeoutSeconds;
  return {
    ...common,
    slug: 'incident-queue-old',
    severity: 'critical',
    signal: queueMetric(inboxQueueNameOf(context, teller), 'ApproximateAgeOfOldestMessage'),
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: seconds,
    periodSeconds: 60,
    evaluationPeriods: 1,
    missing: { ...unused, treatment: 'notBreaching' },
    sentence: `an event waits in the queue of ${teller.slug} for ${Math.round(seconds / 60)} min, and no second try dealt with it: what it says is told by no other way than the sweep's.`,
  };
};

const deadLetters = (context: StackContext, teller: FunctionDefinition): Alarm => ({
  ...common,
  slug: 'incident-dead-letters',
  severity: 'warning',
  signal: queueMetric(deadLetterQueueNameOf(context, teller), 'ApproximateNumberOfMessagesVisible'),
  comparison: 'GreaterThanOrEqualToThreshold',
  threshold: 1,
  periodSeconds: 300,
  evaluationPeriods: 1,
  missing: { ...unused, treatment: 'notBreaching' },
  sentence: `${teller.slug} could not deal with an event, and set it aside.`,
});

/**
 * The watch over whoever tells people, which nobody else could tell of: it speaks by topics of its own. None while alarms tell
 * people themselves.
 */
export const planTellerAlarms = (context: StackContext): readonly Alarm[] => {
  const teller = tellerOf(context);
  if (teller === undefined) return [];
  const ofQueue = teller.queue === undefined ? [] : [queueOld(context, teller), deadLetters(context, teller)];
  return [silent(context, teller), errors(context, teller), ...ofQueue];
};
