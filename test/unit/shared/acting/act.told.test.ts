import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyAct } from '../../../../shared/acting/act.ts';
import type { ActRecord } from '../../../../shared/acting/core/record.ts';
import { planIntentWord } from '../../../../shared/acting/event.ts';
import { DependencyError } from '../../../../shared/core/errors.ts';
import type { Told } from '../../../../shared/telling/tell.ts';
import { histories, races } from '../../../support/acting/arbitrary.ts';
import { openQuietDoor, plannedAtMs, planRequest } from '../../../support/acting/door.ts';
import { type Breakage, playHistory } from '../../../support/acting/history.ts';
import { cases } from '../../../support/depth.ts';

const taken: Told = { isTaken: true, messageId: 'm-1' };
const refused: Told = { isTaken: false, error: new DependencyError('sns:Publish', 'denied', 'denied: no') };

test('people hear of an act after its intent is kept and before the call, where the policy wants it', async () => {
  const order: string[] = [];
  const { request, sent } = planRequest({
    call: async () => {
      order.push('call');
      return { outcome: { operationArn: 'arn:op-1' }, requestId: 'r-1' };
    },
  });
  const quiet = openQuietDoor();
  const tellIntent = async ({ tries, end }: ActRecord) => {
    order.push(`told of ${tries.length} try, ${end === undefined ? 'open' : 'ended'}`);
    expect(quiet.record.read()?.value.tries).toEqual(tries);
    return taken;
  };
  expect(await applyAct(request, { ...quiet.door, tellIntent })).toMatchObject({ decision: 'acted' });
  expect(order).toEqual(['told of 1 try, open', 'call']);
  expect(sent.count).toBe(1);
});

test('where people cannot be told nothing is called, the audit says so, and it is counted as a problem', async () => {
  const { request, sent } = planRequest();
  const quiet = openQuietDoor({ tellIntent: async () => refused });
  expect(await applyAct(request, quiet.door)).toEqual({
    decision: 'stopped',
    reason: 'not-told',
    message: expect.stringMatching(/could not be told .*sns:Publish: denied.*policy\.mustTell.*nothing was called/),
  });
  expect(sent.count).toBe(0);
  expect(quiet.record.read()?.value.tries).toMatchObject([{ withdrawn: { reason: 'not-told' } }]);
  expect(quiet.record.read()?.value.end).toBeUndefined();
  expect(quiet.problems).toEqual([expect.stringContaining('people were not told that orders-storage-scaling-3')]);
  // Once people can be told the same request goes through.
  expect(await applyAct(request, { ...quiet.door, tellIntent: async () => taken })).toMatchObject({
    decision: 'acted',
  });
});

test('the kill switch that is turned on while people are told still stops the call', async () => {
  const { request, sent } = planRequest();
  let value: 'on' | 'off' = 'off';
  const tellIntent = async () => {
    value = 'on';
    return taken;
  };
  const { door } = openQuietDoor({ tellIntent, fetchKillSwitch: async () => ({ value }) });
  expect(await applyAct(request, door)).toMatchObject({ decision: 'stopped', reason: 'kill-switch' });
  expect(sent.count).toBe(0);
});

test('a record of before is told by nobody: its act is over', async () => {
  const { request } = planRequest();
  const quiet = openQuietDoor();
  await applyAct(request, quiet.door);
  const tellIntent = async () => Promise.reject(new Error('nothing is to be told'));
  expect(await applyAct(request, { ...quiet.door, tellIntent })).toMatchObject({ decision: 'acted' });
});

test('the word says what is about to be asked for, and has one key for all tries of a cause', async () => {
  const { request } = planRequest();
  const quiet = openQuietDoor();
  await applyAct(request, quiet.door);
  const record = quiet.record.read()?.value;
  if (record === undefined) throw new Error('the act is kept');
  expect(planIntentWord(record, plannedAtMs)).toMatchObject({
    topic: 'warning',
    severity: 'warning',
    headline: 'About to ask for it, expand (sizeGiB 200): Expand to 200 GiB.',
    key: 'orders-storage-scaling-3/about-to-act',
    atMs: plannedAtMs,
  });
});

test.each([
  ['several causes on one cluster', histories],
  ['runs of one cause', races],
])('%s, killed, late and sent twice: no call leaves a run of which people were not told', async (_what, arbitrary) => {
  const untaken = fc.array(fc.boolean(), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(arbitrary, untaken, async (history, answers) => {
      const left = [...answers];
      const unheard: string[] = [];
      const tellFirst: Breakage = (request, door) => {
        let heardOf: string | undefined;
        return {
          request: {
            ...request,
            call: () => {
              if (heardOf !== request.cause) unheard.push(`called for ${request.cause}, of which people heard nothing`);
              return request.call();
            },
          },
          door: {
            ...door,
            tellIntent: async ({ cause }) => {
              if (left.shift() === false) return refused;
              heardOf = cause;
              return taken;
            },
          },
        };
      };
      const { violations } = await playHistory(history, tellFirst);
      const others = violations.filter((one) => !one.startsWith('never settled: not-told'));
      expect([...unheard, ...others]).toEqual([]);
    }),
    cases(200, 20_000),
  );
});
