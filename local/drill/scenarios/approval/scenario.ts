import { watchStorage } from '../../../world/storage-happenings.ts';
import { createWideTopic, deleteTopic } from '../../../world/topics.ts';
import { diskChart } from '../../chart.ts';
import { momentsOf, watchMore } from '../../more-moments.ts';
import type { Scenario } from '../../scenario.ts';
import { fillFor } from '../disk-fill/traffic.ts';
import { thresholdPercentOf } from '../disk-fill/world.ts';
import { expectApproved, expectAudited } from './approved.ts';
import { type Cast, castOf, expectAsked, openGuarded, tell } from './cast.ts';
import { expectKeptSecret } from './kept-secret.ts';
import { expectRefused } from './refused.ts';
import { requestsIn } from './requests.ts';
import { expectVoid } from './void-answers.ts';

const topic = 'approval-fill';
/** MSK names no time: minutes here. */
const operationMs = 3 * 60_000;

/** Full disks, and a person has to say yes: of everything that is answered one answer counts. */
export const approval: Scenario = {
  name: 'approval',
  title:
    'The disks are full and a person must say yes: a forged, a replayed, the initiator’s and a deceived yes change nothing, and the one that counts acts once.',
  runbookRows: ['C5', 'I12'],
  needsOwnBrokers: true,
  run: async (stage) => {
    const { world, timeline } = stage;
    const { bootstrapServers, brokers } = world.brokers;
    const account = await openGuarded(stage);
    const beganMs = world.clock.nowMs();
    const watch = watchMore(timeline);
    try {
      account.standIn.msk.behaveOnStorage({ operationMs });
      watch.add(watchStorage(account.standIn.msk, account.cluster.arn));
      watch.add(momentsOf(account, ['runs', 'acts', 'notifications'], 'approvals'));
      const cast = castOf(stage, account);
      const sinceMs = world.clock.nowMs();
      await createWideTopic(bootstrapServers, topic, brokers.length);
      await fillFor(stage, account, topic);
      if (!(await expectRefused(cast, sinceMs))) return;
      await expectDecided(cast);
      await account.standIn.lambda.idle();
      await expectKeptSecret(cast);
    } finally {
      watch.stop();
      await account.close();
      await deleteTopic(bootstrapServers, topic);
      const percent = thresholdPercentOf(account);
      const limits = percent === undefined ? [] : [{ label: `asks for larger volumes: ${percent} %`, value: percent }];
      stage.chart(diskChart(account.diskSamples, beganMs, limits));
    }
  },
};

/** The second run, which a person wakes under his own name: four answers that count for nothing, and the one that does. */
async function expectDecided(cast: Cast): Promise<void> {
  const { stage, account, people, command } = cast;
  const sinceMs = stage.world.clock.nowMs();
  const seen = requestsIn(account).length;
  tell(cast, 'alice wakes storage-scaling', 'neutral');
  await stage.expectations.expect(
    'a person wakes another run, under his own name',
    0,
    async () => {
      const { status, said } = await command(people.initiator, 'wake', account.clusterKey, 'storage-scaling');
      return status === 0 && /^started .*, woken by /.test(said) && said.includes(people.initiator.arn)
        ? said
        : undefined;
    },
    (said) => said.trim(),
  );
  const asked = await expectAsked(cast, 'it asks people, too', { seen, sinceMs, saying: /Waits for approval/ });
  if (asked === undefined) return;
  await stage.expectations.expect(
    'the request says who set it going, and that AWS says so',
    0,
    () => (asked.initiator === people.initiator.arn && asked.isInitiatorProven ? asked : undefined),
    ({ initiator, yesesNeeded }) => `${initiator}, proven; ${yesesNeeded} more person has to say yes`,
  );
  const standing = await expectVoid(cast, asked);
  if (standing === undefined) return;
  await expectApproved(cast, standing);
  await expectAudited(cast, standing);
}
