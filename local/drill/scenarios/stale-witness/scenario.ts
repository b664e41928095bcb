import { startKafka } from '../../../kafka/start-kafka.ts';
import { startProducer } from '../../../traffic/producer.ts';
import { quickSession, worldBrokersOf } from '../../../world/brokers.ts';
import { createTopics } from '../../../world/topics.ts';
import type { Scenario } from '../../scenario.ts';
import { expectMended, expectSameTruth } from './judgement.ts';
import { listedBy } from './truth.ts';

const fencedSeconds = 20;
const messagesPerSecond = 20;

/** A broker that the controller does not hear any more goes on saying that all is well: nobody may believe it alone. */
export const staleWitness: Scenario = {
  name: 'stale-witness',
  title:
    'One broker is cut off from the controller and goes on saying what was: whichever address is asked first, the truth is told.',
  runbookRows: ['H1', 'H2', 'H3'],
  needsOwnBrokers: true,
  run: async (stage) => {
    const { world, timeline, expectations, signal } = stage;
    const started = { brokerCount: 3, hasControllerApart: true, settings: quickSession, signal };
    const kafka = await startKafka(started);
    const brokers = worldBrokersOf(kafka);
    const [cutOff] = kafka.brokers;
    const { controllerLinks: links } = kafka;
    let account: Awaited<ReturnType<typeof world.openAccountFor>> | undefined;
    let producer: Awaited<ReturnType<typeof startProducer>> | undefined;
    try {
      if (cutOff === undefined || links === undefined) throw new Error('these brokers have no controller apart');
      account = await world.openAccountFor(brokers, {});
      await createTopics(brokers.bootstrapServers, account.cluster);
      const client = { brokers: [...brokers.bootstrapServers] };
      producer = await startProducer({ client, topic: 'orders', messagesPerSecond });

      links.cut(cutOff.id);
      const subject = `broker ${cutOff.id}`;
      timeline.record({ lane: 'faults', subject: 'faults', label: `${subject} loses the controller`, tone: 'bad' });
      const fenced = await expectations.expect(
        `the other brokers list ${subject} no more, and it still lists all three`,
        fencedSeconds,
        async () => {
          const lists = await listedBy(kafka);
          return [1, 2, 3].map((id) => lists.get(id)).join(' | ') === '1,2,3 | 2,3 | 2,3' ? lists : undefined;
        },
        (lists) => [...lists].map(([id, ids]) => `${id} lists ${ids}`).join('; '),
      );
      if (fenced === undefined) return;
      await expectSameTruth(stage, { kafka, account, subject });

      links.mend(cutOff.id);
      timeline.record({
        lane: 'faults',
        subject: 'faults',
        label: `${subject} has the controller again`,
        tone: 'good',
      });
      await expectMended(stage, { kafka, account, subject });
    } finally {
      await producer?.stop();
      await account?.close();
      await kafka.stop();
    }
  },
};
