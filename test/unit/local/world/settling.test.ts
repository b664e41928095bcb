import { KafkaJSAggregateError, KafkaJSError } from 'kafkajs';
import { expect, test } from 'vitest';
import { NotSettledError, untilSettled } from '../../../../local/world/settling.ts';

const forNow = new KafkaJSError('This server does not host this topic-partition', { retriable: true });
const forGood = new KafkaJSError('Topic name is not valid', { retriable: false });
const outOfTries = Object.assign(new KafkaJSError('after five tries', { retriable: false }), { cause: forNow });

/** Answers after so many refusals, on a clock that only pauses move. */
const askedUntil = async (refusal: unknown, refusals: number) => {
  let [asked, nowMs] = [0, 0];
  const patience = {
    nowMs: () => nowMs,
    pause: async (ms: number) => {
      nowMs += ms;
    },
  };
  const answer = untilSettled(async () => {
    asked += 1;
    if (asked <= refusals) throw refusal;
    return 'made';
  }, patience);
  return { answer: await answer.catch((error: unknown) => error), asked, nowMs };
};

test.each([
  ['an error that Kafka calls retriable', forNow],
  ['one behind tries that ran out', outOfTries],
  ['one of each topic', new KafkaJSAggregateError('two topics', [forNow, forNow])],
  ['leaders that a broker does not know yet', new NotSettledError('not yet')],
])('%s is asked again until it passes', async (_what, refusal) => {
  expect(await askedUntil(refusal, 3)).toEqual({ answer: 'made', asked: 4, nowMs: 600 });
});

test.each([
  ['an error that will not pass', forGood],
  ['one among several', new KafkaJSAggregateError('two topics', [forNow, forGood])],
  ['somebody else’s error', new Error('a bug')],
])('%s is thrown at once', async (_what, refusal) => {
  expect(await askedUntil(refusal, 1)).toEqual({ answer: refusal, asked: 1, nowMs: 0 });
});

test('what never passes is thrown after two minutes', async () => {
  const { answer, nowMs } = await askedUntil(forNow, Number.POSITIVE_INFINITY);
  expect(answer).toBe(forNow);
  expect(nowMs).toBe(120_000);
});
