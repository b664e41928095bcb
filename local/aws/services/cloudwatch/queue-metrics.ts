import type { Clock, Timer } from '../../../clock.ts';
import { minuteMs } from '../../units.ts';
import { type Queue, visibleOf } from '../sqs/queue.ts';
import type { Sqs } from '../sqs/sqs.ts';
import type { CloudWatch } from './cloudwatch.ts';

/**
 * Publishes the AWS/SQS metrics of every queue once a minute, as SQS does for an active queue (SQS Developer Guide,
 * "Available CloudWatch metrics"), so that alarms on failure queues see what lies in them. Where alarms' minutes are
 * shortened, these are too.
 *
 * @returns ends the publishing
 */
export function publishQueueMetrics(clock: Clock, cloudWatch: CloudWatch, sqs: Sqs): () => void {
  let timer: Timer;
  const publish = (): void => {
    const nowMs = clock.nowMs();
    for (const queue of sqs.all()) {
      const dimensions = { QueueName: queue.name };
      const visibleCount = visibleOf(queue, nowMs).length;
      const values = {
        ApproximateNumberOfMessagesVisible: visibleCount,
        ApproximateNumberOfMessagesNotVisible: queue.messages.length - visibleCount,
        ApproximateAgeOfOldestMessage: (nowMs - oldestArrivalMs(queue, nowMs)) / 1000,
      };
      for (const [name, value] of Object.entries(values)) {
        cloudWatch.publish({ namespace: 'AWS/SQS', name, dimensions }, value);
      }
    }
    timer = clock.schedule(nowMs + minuteMs * cloudWatch.alarmPeriodScale, publish);
  };
  timer = clock.schedule(clock.nowMs(), publish);
  return () => timer.cancel();
}

/** A message received so often counts no more in its queue's age: SQS calls it a poison pill. */
const poisonedAfterReceives = 3;

/** The arrival of the oldest message that counts, or now. A dead letter arrives when it is moved. */
const oldestArrivalMs = ({ messages }: Queue, nowMs: number): number =>
  Math.min(
    nowMs,
    ...messages
      .filter(
        ({ receiveCount, receivedElsewhereCount }) => receiveCount - receivedElsewhereCount < poisonedAfterReceives,
      )
      .map(({ arrivedMs }) => arrivedMs),
  );
