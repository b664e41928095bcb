import { expect, test } from 'vitest';
import { openExpectations } from '../../../../local/drill/expectations.ts';

const never = new AbortController().signal;

test('what comes true is kept with what was seen and when', async () => {
  const expectations = openExpectations(never, () => {});
  let looks = 0;
  const seen = await expectations.expect(
    'three looks',
    5,
    () => (++looks === 3 ? looks : undefined),
    (count) => `${count} looks`,
  );
  expect(seen).toBe(3);
  expect(expectations.all()).toEqual([
    { text: 'three looks', isMet: true, seen: '3 looks', afterSeconds: expect.any(Number) },
  ]);
});

test('what never comes true fails its sentence and lets the scenario go on', async () => {
  const expectations = openExpectations(never, () => {});
  expect(
    await expectations.expect(
      'nothing',
      0.2,
      () => undefined,
      () => '',
    ),
  ).toBeUndefined();
  expect(expectations.all()).toEqual([{ text: 'nothing', isMet: false, seen: 'not seen within 1 s' }]);
});

test('an interrupted drill stops waiting at once', async () => {
  const interruption = new AbortController();
  const waiting = openExpectations(interruption.signal, () => {}).expect(
    'nothing',
    60,
    () => undefined,
    () => '',
  );
  interruption.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('an observation that throws is not taken for one that has not come yet', async () => {
  const failing = openExpectations(never, () => {}).expect(
    'broken',
    60,
    () => Promise.reject(new Error('no answer')),
    () => '',
  );
  await expect(failing).rejects.toThrow('no answer');
});
