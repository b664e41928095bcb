import type { Composite } from '../../infra/stack/composite.ts';
import type { Answered } from '../../shared/core/known.ts';
import type { ListedComposite } from '../account/alarms.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';

const check = 'fallback';
const subject = 'where incident is silent';

/**
 * Whether CloudWatch would tell people where mskeeper is dead: nothing else would say that it cannot.
 *
 * @param expected the stack's composites, as packaging makes them; none where alarms tell people themselves
 */
export const evaluateFallback = (
  expected: readonly Composite[],
  fetched: Answered<readonly ListedComposite[]>,
): readonly DoctorFinding[] => {
  if (expected.length === 0) return [];
  if (!fetched.isKnown) return [unknownFinding(check, subject, fetched)];
  const byName = new Map(fetched.value.map((one) => [one.name, one]));
  const missing = expected.filter(({ name }) => !byName.has(name)).map(({ name }) => name);
  const telling = expected.filter(({ actions }) => actions.length > 0).flatMap(({ name }) => byName.get(name) ?? []);
  const silenced = telling.filter(({ areActionsEnabled }) => !areActionsEnabled).map(({ name }) => name);
  const emptied = telling.filter(({ actionCount }) => actionCount === 0).map(({ name }) => name);
  const [failure, advice] =
    missing.length > 0
      ? [
          `missing: ${missing.join(', ')}`,
          'package and deploy again, unless these credentials do not see them: cloudwatch:DescribeAlarms tells of composites by a grant on * alone',
        ]
      : silenced.length > 0
        ? [
            `tells nobody, since its actions are disabled: ${silenced.join(', ')}`,
            'enable them (aws cloudwatch enable-alarm-actions --alarm-names …)',
          ]
        : emptied.length > 0
          ? [
              `tells nobody, since it has no actions any more: ${emptied.join(', ')}`,
              'somebody took them out: package and deploy again, and where CloudFormation sees no change, put the topic back by hand (aws cloudwatch put-composite-alarm)',
            ]
          : [];
  if (failure !== undefined && advice !== undefined)
    return [{ check, subject, status: 'failed', message: failure, advice }];
  return [
    { check, subject, status: 'ok', message: `CloudWatch itself tells people, by ${expected.length} composites` },
  ];
};
