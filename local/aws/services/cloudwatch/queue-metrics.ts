import type { Clock, Timer } from '../../../clock.ts';
import { minuteMs } from '../../units.ts';
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
      const visible = queue.messages.filter((message) => message.visibleMs <= nowMs);
      const oldestMs = Math.min(nowMs, ...queue.messages.map((message) => message.sentMs));
      const values = {
        ApproximateNumberOfMessagesVisible: visible.length,
        ApproximateNumberOfMessagesNotVisible: queue.messages.length - visible.length,
        ApproximateAgeOfOldestMessage: (nowMs - oldestMs) / 1000,
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
