import { deniedCalls, failedInvocations, undelivered } from '../../observations.ts';
import type { Scenario, Stage } from '../../scenario.ts';
import { expectOnePage } from './fault.ts';
import { openHours } from './hours.ts';
import { expectNights } from './nights.ts';

/** One fault, one page: on real brokers, and then through nights in which hours pass in seconds. */
export const incident: Scenario = {
  name: 'incident',
  title:
    'A broker dies: one page and one thread name it; unanswered it climbs to the executives, answered it rests until the answer lapses, and it never pages twice for a flap.',
  runbookRows: ['I1', 'I2', 'I3', 'I5', 'I10'],
  needsOwnBrokers: true,
  run: async (stage) => {
    await expectOnePage(stage);
    stage.signal.throwIfAborted();
    const hours = await openHours(stage);
    try {
      await expectNights(stage, hours);
      expectSound(stage, 'in the nights', hours.account);
    } finally {
      await hours.account.close();
    }
    expectSound(stage, 'on real brokers', stage.world);
    stage.conclude(
      'Measured on real brokers: the page, its time, its names, its end. Made up: the looks of the nights (words on the bus), and that the minutes between the moments that matter pass without anything.',
    );
  },
};

function expectSound({ expectations }: Stage, where: string, account: Pick<Stage['world'], 'standIn'>): void {
  expectations.expectNothing(`${where} no function fails`, () => failedInvocations(account));
  expectations.expectNothing(`${where} no call is refused`, () => deniedCalls(account));
  expectations.expectNothing(`${where} nothing is lost on its way`, () => undelivered(account));
}
