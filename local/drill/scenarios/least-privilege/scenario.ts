import { worldBrokersOf } from '../../../world/brokers.ts';
import { checkByHand, inWords, type ToldFinding } from '../../check-by-hand.ts';
import type { Scenario } from '../../scenario.ts';
import {
  deletedTopic,
  fillGuardedKafka,
  hiddenTopic,
  principals,
  secretOf,
  seenTopic,
  startGuardedKafka,
  topicsShownTo,
} from './cluster.ts';
import { expectAll, expectNothingSeen, expectSome } from './judgement.ts';

const secretId = 'AmazonMSK_mskeeper_drill';
const aclSeconds = 20;

/** The same cluster by three principals: what one of them may not see is neither healthy nor gone. */
export const leastPrivilege: Scenario = {
  name: 'least-privilege',
  title:
    'The same brokers by three users, who may see all, some and nothing: what is hidden is told as denied or unknown, and only what is gone as missing.',
  runbookRows: ['H1', 'H3'],
  needsOwnBrokers: true,
  run: async (stage) => {
    const { world, timeline, expectations, signal } = stage;
    const kafka = await startGuardedKafka(signal);
    let account: Awaited<ReturnType<typeof world.openAccountFor>> | undefined;
    try {
      await fillGuardedKafka(kafka);
      account = await world.openAccountFor(worldBrokersOf(kafka), {
        isRepackaged: true,
        change: (cluster) => ({
          ...cluster,
          authentication: { kind: 'scram', secretId },
          bootstrap: kafka.bootstrapServers('scram').join(','),
          topics: {
            ...cluster.topics,
            critical: [seenTopic, hiddenTopic, deletedTopic].map((name) => ({ name, replicationFactor: 3 })),
            flowing: [],
          },
        }),
      });
      await expectations.expect(
        'Kafka shows to each of them only what its ACLs allow, and says no word of the rest',
        aclSeconds,
        async () => {
          const shown = await Promise.all(principals.map((each) => topicsShownTo(kafka, each)));
          const counts = shown.map((topics) => topics.length);
          return counts[1] === 1 && counts[2] === 0 && (counts[0] ?? 0) >= 3 ? counts : undefined;
        },
        (counts) => `${counts.join(', ')} topics`,
      );
      const told: Partial<Record<(typeof principals)[number], readonly ToldFinding[]>> = {};
      for (const principal of principals) {
        account.standIn.secrets.put(secretId, secretOf(kafka, principal));
        timeline.record({ lane: 'faults', subject: 'faults', label: `mskeeper is ${principal}`, tone: 'neutral' });
        await account.publishMetrics();
        told[principal] = (await checkByHand(account)).findings;
        stage.measure(
          `findings as ${principal}`,
          told[principal]
            .filter(({ severity }) => severity !== 'ok')
            .map(inWords)
            .join('; '),
        );
      }
      expectAll(stage, told.mskeeper ?? []);
      expectSome(stage, told.some ?? []);
      expectNothingSeen(stage, told.nobody ?? []);
    } finally {
      await account?.close();
      await kafka.stop();
    }
  },
};
