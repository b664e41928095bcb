import type { LocalKafka } from '../../../kafka/start-kafka.ts';
import type { SecondAccount } from '../../../world/second-account.ts';
import { checkByHand, inWords, type ToldFinding, type ToldReport } from '../../check-by-hand.ts';
import type { Stage } from '../../scenario.ts';
import { listedBy, ordersOf, partitionsByLook, partitionsByTool } from './truth.ts';

type Cast = { readonly kafka: LocalKafka; readonly account: SecondAccount; readonly subject: string };

const mendedSeconds = 30;
/** A broker that nobody cut off. */
const goodBrokerId = 2;

/** Whichever address stands first: leaders and copies in sync, and then the findings. */
export async function expectSameTruth(stage: Stage, cast: Cast): Promise<void> {
  const { kafka, account } = cast;
  const { expectations } = stage;
  const told = await partitionsByTool(kafka, goodBrokerId);
  const orders = ordersOf(kafka.bootstrapServers());
  const views = await Promise.all(orders.map(partitionsByLook));
  await expectations.expect(
    `in each of ${orders.length} orders of the addresses a look sees the leaders and copies in sync that kafka-topics shows by broker ${goodBrokerId}`,
    0,
    () => (views.every((view) => view.join('\n') === told.join('\n')) ? told.length : undefined),
    (count) => `${count} partitions, the same ${views.length} times`,
  );
  const reports: ToldReport[] = [];
  const servers = kafka.bootstrapServers();
  for (const [index] of servers.entries()) {
    const order = [...servers.slice(index), ...servers.slice(0, index)];
    await account.reconfigure((cluster) => ({ ...cluster, bootstrap: order.join(',') }));
    await account.publishMetrics();
    reports.push(await checkByHand(account));
  }
  expectFindings(stage, cast, reports);
}

/** What is judged by the brokers' word alone. Others stand on metrics, too, of which each minute has another. */
const byTheirWord: ReadonlySet<string> = new Set([
  'broker-answers',
  'source-agreement',
  'controller',
  'offline-partitions',
  'under-replicated',
  'below-min-isr',
  'topic-count',
  'critical-topic',
]);

const sentencesOf = (reports: readonly ToldReport[], isWanted: (finding: ToldFinding) => boolean) =>
  reports.map(({ findings }) => findings.filter(isWanted).map(inWords));

function expectFindings({ expectations }: Stage, { subject }: Cast, reports: readonly ToldReport[]) {
  /** What was said instead, where a report lacks it. */
  const inAll = (text: string, check: string, isWanted: (finding: ToldFinding) => boolean) =>
    expectations.expectNothing(`no order of the addresses leaves untold that ${text}`, () =>
      reports.flatMap(({ findings }, index) => {
        const ofCheck = findings.filter((each) => each.check === check);
        if (ofCheck.some(isWanted)) return [];
        return [
          `not in report ${index + 1}: ${ofCheck.map(({ message, ...each }) => `${inWords({ ...each, message })}: ${message}`).join(' | ')}`,
        ];
      }),
    );
  inAll(
    `${subject} is not in the cluster, which is critical`,
    'broker-answers',
    (each) => each.subject === subject && each.severity === 'critical' && each.reason === 'not-in-cluster',
  );
  inAll(
    `${subject} is the one whose word differs`,
    'source-agreement',
    (each) => each.severity !== 'ok' && `${each.subject} ${each.message}`.includes(subject),
  );
  inAll('the controller is known and at no fault', 'controller', ({ severity }) => severity === 'ok');
  inAll(
    'partitions have a copy too few',
    'under-replicated',
    ({ severity }) => severity !== 'ok' && severity !== 'unknown',
  );
  expectations.expectNothing('and one order tells what the others tell', () => {
    const isTheirWord = ({ check, subject }: ToldFinding) => byTheirWord.has(check) && !subject.includes('CloudWatch');
    const [first = [], ...others] = sentencesOf(reports, isTheirWord);
    return others.flatMap((words) => [
      ...words.filter((each) => !first.includes(each)),
      ...first.filter((each) => !words.includes(each)),
    ]);
  });
}

/** The link is there again: every broker lists all, the copies catch up, and the same check finds nothing. */
export async function expectMended({ expectations }: Stage, { kafka, account, subject }: Cast): Promise<void> {
  await expectations.expect(
    `with the link mended, every broker lists ${subject} again`,
    mendedSeconds,
    async () => {
      const lists = [...(await listedBy(kafka)).values()];
      return lists.every((ids) => ids === '1,2,3') ? lists.length : undefined;
    },
    (count) => `${count} brokers list all ${count}`,
  );
  await expectations.expect(
    'and a check finds all well, by the address that was the odd one',
    mendedSeconds,
    async () => {
      const servers = kafka.bootstrapServers();
      await account.reconfigure((cluster) => ({ ...cluster, bootstrap: servers.join(',') }));
      await account.publishMetrics();
      const { worst } = await checkByHand(account);
      return worst === 'ok' ? worst : undefined;
    },
    (worst) => worst,
  );
}
