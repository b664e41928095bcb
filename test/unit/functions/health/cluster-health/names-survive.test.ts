import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runClusterHealth } from '../../../../../functions/health/cluster-health/handler.ts';
import { redactRecord, redactValue } from '../../../../../shared/text/redaction.ts';
import { cases } from '../../../../support/depth.ts';
import {
  brokerView,
  fullView,
  minuteMs,
  noonMs,
  offlinePartition,
  partitionView,
  problem,
  topicView,
} from '../../../../support/health/builders.ts';
import { changesOf, wordsOf } from '../../../../support/health/bus.ts';
import { bundledConfiguration, healthPorts, type Outside, outside } from '../../../../support/health/health-ports.ts';
import { kafkaName, namesLikeSecrets } from '../../../../support/names.ts';
import { alarmWake, full, light } from './handler-under-test.ts';

const password = ['hunter', '2'].join('');

type Names = { readonly broken: string; readonly promised: string; readonly quiet: string; readonly secretive: string };

/** Two runs over topics of such names: one without leader, one missing, two that flow or should not, one that is refused. */
async function runTwice({ broken, promised, quiet, secretive }: Names): Promise<Outside> {
  const topics = bundledConfiguration().cluster.topics;
  const configuration = bundledConfiguration({
    topics: {
      ...topics,
      critical: [
        { name: promised, replicationFactor: 3 },
        { name: secretive, replicationFactor: 3 },
      ],
      deadLetter: [quiet],
      flowing: [{ name: broken, minMessagesPerMinute: 60 }],
    },
  });
  const ends = (latestOffset: bigint) => [partitionView(0, { earliestOffset: 0n, latestOffset })];
  const view = (latestOffset: bigint) =>
    fullView({
      brokers: [brokerView(1), brokerView(2), brokerView(3)],
      topics: [
        topicView(broken, [...ends(5n), offlinePartition(1), offlinePartition(3000)]),
        topicView(quiet, ends(latestOffset)),
        topicView(secretive, [], { problem: problem('kafka-error', `INVALID_TOPIC_EXCEPTION: password=${password}`) }),
      ],
    });
  const kept = outside();
  const alarmName = `mskeeper/orders/cluster-health/cpu-used/critical/topic-${broken}`;
  await runClusterHealth(full, healthPorts(kept, { configuration, fetchView: async () => view(5n) }));
  const later = { configuration, fetchView: async () => view(9n), nowMs: () => noonMs + 6 * minuteMs };
  await runClusterHealth(alarmWake({ alarmName, rule: 'cpu-used' }), healthPorts(kept, later));
  await runClusterHealth(light, healthPorts(kept, { ...later, nowMs: () => noonMs + 12 * minuteMs }));
  return kept;
}

/** What was said, but for what stands in the place of the planted secret. */
const withoutPlanted = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(`password=${password}`, 'password=[redacted]'));

const distinct = fc
  .uniqueArray(kafkaName, { minLength: 4, maxLength: 4 })
  .filter((names) => names.every((one) => names.every((other) => one === other || !other.includes(one))))
  .map(([broken = '', promised = '', quiet = '', secretive = '']) => ({ broken, promised, quiet, secretive }));

test('any name that Kafka takes is in each report, event and notice of a run by the letter, and no secret beside it', async () => {
  await fc.assert(
    fc.asyncProperty(distinct, async (names) => {
      const kept = await runTwice(names);
      expect(kept.reports).toHaveLength(3);
      for (const report of kept.reports) {
        const stored = JSON.parse(JSON.stringify(redactValue(report)));
        expect(stored).toEqual(withoutPlanted(report));
        expect(JSON.stringify(stored)).toContain(names.broken);
        // What a person who asked is answered is redacted, too, and what is read back and written again.
        expect(redactValue(stored)).toEqual(stored);
      }
      for (const event of kept.onBus) {
        expect(redactRecord(event.detail)).toEqual(withoutPlanted(event.detail));
      }
      expect(changesOf(kept.onBus).length).toBeGreaterThan(1);
      expect(JSON.stringify(changesOf(kept.onBus))).toContain(names.broken);
      expect(JSON.stringify(wordsOf(kept.onBus))).not.toContain(password);
    }),
    cases(60, 2_000),
  );
});

test('a document says which of its words are names only where one could be taken for a secret', async () => {
  const plain = await runTwice({ broken: 'orders', promised: 'payments', quiet: 'orders.dlq', secretive: 'audit' });
  expect(plain.reports.filter((report) => 'names' in report)).toEqual([]);
  const [broken = '', promised = ''] = namesLikeSecrets;
  const named = await runTwice({ broken, promised, quiet: 'orders.dlq', secretive: 'audit' });
  expect(named.reports[0]?.names?.toSorted()).toEqual([broken, promised].toSorted());
});
