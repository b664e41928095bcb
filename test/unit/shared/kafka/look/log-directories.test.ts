import { expect, test } from 'vitest';
import type { DescribeLogDirsAnswer } from '../../../../../shared/kafka/codecs/describe-log-dirs.ts';
import { fetchLogDirectories } from '../../../../../shared/kafka/look/log-directories.ts';

const askedOf = (answer: DescribeLogDirsAnswer) => {
  const ask = () => Promise.resolve({ isAnswered: true, answer });
  return fetchLogDirectories({ brokerId: 1, ask } as never, false);
};

test('a broker that lists no log directory, and no error, denied them: it is not a broker without any', async () => {
  const told = await askedOf({ errorCode: 0, directories: [] });
  expect(told).not.toHaveProperty('logDirectories');
  expect(told.logDirectoriesProblem).toMatchObject({ kind: 'denied' });
});

test('a directory without a topic is one that is empty', async () => {
  const directory = { errorCode: 0, path: '/data', topics: [], totalBytes: undefined, usableBytes: undefined };
  expect(await askedOf({ errorCode: 0, directories: [directory] })).toEqual({
    logDirectories: [{ path: '/data', usedBytes: 0 }],
  });
});
