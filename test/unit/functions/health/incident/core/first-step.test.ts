import { describe, expect, test } from 'vitest';
import { causeRows } from '../../../../../../functions/health/incident/core/cause-rows.ts';
import { causeKinds } from '../../../../../../functions/health/incident/core/causes.ts';
import { firstStepOf } from '../../../../../../functions/health/incident/core/first-step.ts';

const arn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1-2';
const step = (kind: (typeof causeKinds)[number], of: string): string => firstStepOf({ kind, of }, arn, 'orders');

describe('what to do first', () => {
  test('names the cluster and the broker, so that the command can be pasted', () => {
    expect(step('broker-down', '2')).toMatch(
      new RegExp(`aws kafka reboot-broker --cluster-arn ${arn} --broker-ids 2$`),
    );
    expect(step('disk', '2')).toContain('npm run mskeeper -- history orders;');
    expect(step('lag', 'billing-1.eu_west')).toMatch(/--group billing-1\.eu_west$/);
  });
  test.each([
    ['a shell’s command', 'x; rm -rf ~'],
    ['two words', 'two words'],
    ['an option', '--delete'],
    ['a substitution', '$(reboot)'],
    ['a replacement’s mark', '$&'],
    ['a line’s end', 'x\nreboot'],
    ['a letter of elsewhere', '組'],
    ['nothing', ''],
  ])('has no name in it that a shell would take for more: %s', (_what, of) => {
    expect(step('lag', of)).toMatch(/--group GROUP$/);
  });
  test.each(causeKinds)('of %s leaves no placeholder', (kind) => {
    expect(step(kind, '')).not.toMatch(/[{}<>]/);
    expect(causeRows[kind].next).not.toBe('');
  });
});
