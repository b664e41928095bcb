import { alarmsIn } from '../../observations.ts';
import { isScalingAlarm, scalingRuns, wordsSince } from '../disk-fill/world.ts';
import { type Cast, expectAsked, expectUntouched, tell } from './cast.ts';

const alarmSeconds = 60;
const endSeconds = 30;

/** The alarm's own run asks, and a proven no of somebody who may answer ends it. */
export async function expectRefused(cast: Cast, sinceMs: number): Promise<boolean> {
  const { stage, account, people, command } = cast;
  const { expectations } = stage;
  await expectations.expect(
    'the alarm fires',
    alarmSeconds,
    () => alarmsIn(account, 'ALARM').find(isScalingAlarm),
    (name) => name,
  );
  const request = await expectAsked(cast, 'its run asks people before it acts', {
    seen: 0,
    sinceMs,
    saying: /Waits for approval/,
  });
  if (request === undefined) return false;
  await expectations.expect(
    'whoever is no approver cannot take the role that answers',
    0,
    async () => {
      const { status, said } = await command(people.stranger, 'approve', account.clusterKey, request.id);
      return status === 2 && said.includes('sts:AssumeRole: denied') ? said : undefined;
    },
    (said) => said.trim(),
  );
  const args = ['approve', account.clusterKey, request.id, '--refuse', '--comment', 'not before the release'] as const;
  tell(cast, 'bob refuses', 'neutral');
  const refused = await expectations.expect(
    'an approver refuses by the command, under his own name',
    0,
    async () => {
      const { status, said } = await command(people.approver, ...args);
      return status === 0 && said.includes(`refused by ${people.approver.arn}`) ? people.approver.arn : undefined;
    },
    (arn) => arn,
  );
  if (refused === undefined) return false;
  await expectations.expect(
    'people are told who said no, and why',
    endSeconds,
    () => wordsSince(account, sinceMs).find((each) => /refused by .*bob/.test(each) && each.includes('the release')),
    (words) => words.split('\n')[0] ?? '',
  );
  const ended = await expectations.expect(
    'the run ends',
    endSeconds,
    () => scalingRuns(account).find(({ status }) => status === 'SUCCEEDED'),
    ({ name }) => name,
  );
  expectUntouched(cast, 'nothing was called for it');
  return ended !== undefined;
}
