import { findOpenWindows } from '../../../../shared/core/maintenance-window.ts';
import { firstLineOf, isRinging } from '../../people/heard.ts';
import { ringingSince, shownOf } from '../incident/judgement.ts';
import { type Cast, minutesSince, passUntil } from './cast.ts';

/** Two light checks and what they lead to. */
const rebootMinutes = 11;
/** The next light check, and the minute after it. */
const checkMinutes = 7;

/** MSK reboots a broker while it is away: cluster-health sees both, incident holds it, and CloudWatch tells nobody in its place. */
export async function expectQuietReboot(cast: Cast, brokerIndex: number): Promise<void> {
  const { stage, account, kafka, heard, newsOf, sign, firing } = cast;
  const { expectations } = stage;
  const { cluster } = account.configuration;
  const broker = kafka.brokers[brokerIndex];
  if (broker === undefined) throw new Error('this scenario needs three brokers of its own');
  const beganMs = account.clock.nowMs();
  const setState = (state: 'REBOOTING_BROKER' | 'ACTIVE'): void => {
    // The world's own account watches the same brokers.
    for (const { msk } of [account.standIn, stage.world.standIn]) msk.setState(cluster.arn, state);
  };
  setState('REBOOTING_BROKER');
  await broker.kill();
  sign(`MSK reboots broker ${broker.id}`, 'neutral');
  await account.pass(rebootMinutes);
  await expectations.expect(
    'a look finds the broker away, and its alarm fires',
    0,
    () => (newsOf(broker.id, beganMs) === 'opened' ? firing('brokers-unreachable')[0] : undefined),
    (name) => `broker-answers opened, ${name}`,
  );
  expectations.expectNothing(`in ${rebootMinutes} min a planned reboot pages nobody, by whatever way`, () =>
    heard()
      .filter(({ clockMs }) => clockMs >= beganMs)
      .map(firstLineOf),
  );
  expectations.expectNothing('and the composites that speak for a dead incident are silent', () =>
    firing('nobody-told'),
  );
  await broker.restart();
  setState('ACTIVE');
  sign(`broker ${broker.id} serves again`, 'good');
  await passUntil(cast, 2 * checkMinutes, () => newsOf(broker.id, beganMs) === 'opened, closed');
  await expectations.expect(
    'the broker is back, and a look proves it',
    0,
    () => (newsOf(broker.id, beganMs) === 'opened, closed' ? `broker ${broker.id}` : undefined),
    (name) => `${name}: opened, closed`,
  );
}

/** The same broker away with nothing that explains it, while the nightly window is open: somebody is called at once. */
export async function expectPagedInWindow(cast: Cast, brokerIndex: number): Promise<void> {
  const { stage, account, kafka, heard, newsOf, sign } = cast;
  const { expectations, measure } = stage;
  const broker = kafka.brokers[brokerIndex];
  if (broker === undefined) throw new Error('this scenario needs three brokers of its own');
  await broker.kill();
  const diedMs = account.clock.nowMs();
  sign(`broker ${broker.id} dies in the nightly window`, 'bad');
  const { maintenanceWindows } = account.configuration.configuration;
  await expectations.expect(
    'it is night, and the window that opens every night is open',
    0,
    () => findOpenWindows(maintenanceWindows, diedMs)[0],
    ({ window }) => window.name,
  );
  const found = await passUntil(cast, checkMinutes, () => newsOf(broker.id, diedMs).startsWith('opened'));
  const foundMs = account.clock.nowMs();
  measure('until a look finds it, min of the account’s clock', Number(minutesSince(cast, diedMs).toFixed(1)));
  await account.pass(1);
  await expectations.expect(
    'the first look that finds it pages at once: the window holds nothing',
    0,
    () => {
      const calls = heard().filter((one) => one.clockMs >= diedMs && isRinging(one));
      return found && calls.some(({ clockMs }) => clockMs <= foundMs + 60_000) ? calls : undefined;
    },
    shownOf,
  );
  expectations.expectNothing('and it is incident who says so, once', () => {
    const ringing = ringingSince(heard(), diedMs);
    return ringing.length === 1 && ringing[0]?.endsWith(' on-call') === true ? [] : ringing;
  });
}
