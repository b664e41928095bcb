import { inWords, type ToldFinding } from '../../check-by-hand.ts';
import type { Stage } from '../../scenario.ts';
import { deletedTopic, hiddenTopic, seenTopic } from './cluster.ts';

type Told = readonly ToldFinding[];
type Wanted = Partial<Pick<ToldFinding, 'check' | 'subject' | 'severity' | 'reason'>>;

const isLike = (finding: ToldFinding, wanted: Wanted): boolean =>
  Object.entries(wanted).every(([key, value]) => Reflect.get(finding, key) === value);

/** One of each is among the findings; else what its check said. */
const lacking = (told: Told, wanted: readonly Wanted[]): readonly string[] =>
  wanted
    .filter((each) => !told.some((finding) => isLike(finding, each)))
    .map((each) => {
      const said = told.filter(({ check }) => check === each.check).map(inWords);
      return `not ${Object.values(each).join(' ')}, but ${said.join(', ') || 'nothing'}`;
    });

const among = (told: Told, isUnwanted: (finding: ToldFinding) => boolean) => told.filter(isUnwanted).map(inWords);

const critical = (name: string, severity: string, reason?: string): Wanted => ({
  check: 'critical-topic',
  subject: `topic ${name}`,
  severity,
  ...(reason !== undefined && { reason }),
});

/** Who may see all is told all: what is there is well, and what was deleted is missing. */
export function expectAll({ expectations }: Stage, told: Told): void {
  expectations.expectNothing(
    'who may see all is told that topics and groups are well, and that the deleted one is missing',
    () =>
      lacking(told, [
        { check: 'topic-count', severity: 'ok' },
        { check: 'group-count', severity: 'ok' },
        { check: 'offline-partitions', severity: 'ok' },
        { check: 'controller', severity: 'ok' },
        critical(seenTopic, 'ok'),
        critical(hiddenTopic, 'ok'),
        critical(deletedTopic, 'critical', 'missing'),
      ]),
  );
  expectations.expectNothing('and nothing is denied to it', () => among(told, ({ reason }) => reason === 'denied'));
}

/** What holds of a whole list: not known of one that was filtered. */
const wholeLists: ReadonlySet<string> = new Set([
  'topic-count',
  'group-count',
  'offline-partitions',
  'under-replicated',
  'below-min-isr',
  'leader-distribution',
]);

const expectNoGuess = ({ expectations }: Stage, who: string, told: Told): void => {
  expectations.expectNothing(`told to ${who}, nothing of a filtered list is ok`, () =>
    among(told, ({ check, severity }) => wholeLists.has(check) && severity === 'ok'),
  );
  expectations.expectNothing(`and nothing is missing, which nobody can say who is shown a part`, () =>
    among(told, ({ reason }) => reason === 'missing'),
  );
};

/** One topic and one group: those are judged, and the rest is denied or unknown. */
export function expectSome(stage: Stage, told: Told): void {
  stage.expectations.expectNothing(
    'who may see one topic is told of that one, that the others are denied, and that the counts are not known',
    () =>
      lacking(told, [
        critical(seenTopic, 'ok'),
        critical(hiddenTopic, 'unknown', 'denied'),
        critical(deletedTopic, 'unknown', 'denied'),
        { check: 'topic-count', severity: 'unknown' },
        { check: 'group-count', severity: 'unknown', reason: 'denied' },
      ]),
  );
  expectNoGuess(stage, 'who may see one topic', told);
}

export function expectNothingSeen(stage: Stage, told: Told): void {
  stage.expectations.expectNothing(
    'who may see nothing is told that every critical topic is denied, and the brokers answer',
    () =>
      lacking(told, [
        critical(seenTopic, 'unknown', 'denied'),
        critical(hiddenTopic, 'unknown', 'denied'),
        critical(deletedTopic, 'unknown', 'denied'),
        { check: 'topic-count', severity: 'unknown' },
        { check: 'group-count', severity: 'unknown', reason: 'denied' },
        { check: 'broker-answers', subject: 'broker 1', severity: 'ok' },
      ]),
  );
  expectNoGuess(stage, 'who may see nothing', told);
}
