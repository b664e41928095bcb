import { expect, test } from 'vitest';
import { judgeSwitchChange, type SwitchVersion } from '../../../../../shared/acting/core/switch-change.ts';

const nowMs = Date.parse('2026-11-28T08:00:00Z');
const judge = (...versions: readonly SwitchVersion[]) =>
  judgeSwitchChange('/mskeeper/kill-switch', versions, 'e1', nowMs);

test('a change is told with what it was and is, who made it and when', () => {
  const changedAtMs = nowMs - 60_000;
  const message = judge({ version: 2, says: 'on', changedAtMs, changedBy: 'ada' }, { version: 1, says: 'off' })?.finding
    .message;
  expect(message).toBe(
    'The kill switch /mskeeper/kill-switch was changed from off to on by ada at 2026-11-28T07:59:00.000Z: nothing acts from now on.',
  );
});

test('of a change whose time and maker Parameter Store does not tell both are said to be unknown', () => {
  expect(judge({ version: 1, says: 'off' })?.finding.message).toContain(
    'was made and says off by somebody whom Parameter Store does not name at a time that it does not tell: ',
  );
});

test.each([
  [nowMs - 86_400_000, true],
  [nowMs - 86_400_001, false],
])('a change at %d is news: %s', (changedAtMs, isNews) => {
  expect(judge({ version: 2, says: 'on', changedAtMs }) !== undefined).toBe(isNews);
});

test.each<[string, readonly SwitchVersion[] | string, boolean]>([
  ['that was turned on, a report of what somebody did', [{ version: 2, says: 'on' }], false],
  ['that was turned off, the same', [{ version: 2, says: 'off' }], false],
  ['of which nobody can tell what it says, the same', 'denied', false],
  ['that says neither, a fault until it says one of them', [{ version: 2, says: 'neither on nor off' }], true],
  ['that is gone, a fault until it is there', [], true],
])('a kill switch %s', (_what, versions, isFault) => {
  const news = judgeSwitchChange('/mskeeper/kill-switch', versions, 'e1', nowMs);
  expect(news).toMatchObject({ isFault, finding: { subject: 'kill switch /mskeeper/kill-switch' } });
});
