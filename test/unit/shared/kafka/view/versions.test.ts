import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readInvocation } from '../../../../../shared/kafka/read-invocation.ts';
import { decodeClusterView, encodeClusterView } from '../../../../../shared/kafka/view/payload.ts';
import { rowsSchema } from '../../../../../shared/kafka/view/rows-schema.ts';
import { parseEvent } from '../../../../../shared/lambda/parse.ts';
import { clusterView } from '../../../../support/health/builders.ts';

const good = encodeClusterView(clusterView());
const rows: object = JSON.parse(gunzipSync(Buffer.from(good.body, 'base64')).toString('utf8'));
const packed = (json: object) => {
  const bytes = Buffer.from(JSON.stringify(json));
  return { ...good, body: gzipSync(bytes).toString('base64'), uncompressedBytes: bytes.length };
};

describe('two versions of mskeeper beside each other, while a deploy is under way', () => {
  test.each([
    ['an answer of a later version', { ...good, version: 2, counts: 'whatever', body: undefined }],
    ['an answer of an earlier version', { ...good, version: 0 }],
    ['rows of a later version', packed({ ...rows, version: 2, topics: 'otherwise' })],
  ])('%s is told in words that say so', (_name, payload) => {
    expect(() => decodeClusterView(payload)).toThrow(
      expect.objectContaining({
        name: 'DependencyError',
        failure: 'bad-answer',
        message: expect.stringMatching(
          /is of version [02], and version 1 is read here: .*deployed at different times.*deploy the stack again/,
        ),
      }),
    );
  });

  test('rows of a shape that nobody knows say what that may come from, and no thousand lines', () => {
    const odd = Array.from({ length: 2_000 }, () => ['odd']);
    expect(() => decodeClusterView(packed({ ...rows, topics: odd }))).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^(?=[\s\S]*deployed at different times)(?:[^\n]*\n?){1,22}$/),
      }),
    );
  });

  test('an invocation of another version is refused in words that say so', () => {
    const request = { groups: false, commits: false, ends: 'none', logDirectories: false, topicSettings: [] };
    const invocation = { version: 2, operation: 'look', bootstrapServers: ['b-1:9092'], request, withinMs: 1_000 };
    expect(() => parseEvent(readInvocation, invocation)).toThrow(
      /version: is not 1: who asks was deployed at another time than this function/,
    );
  });
});

/** Of a schema's shape: what it lets through, by which JSON Schema tells two apart. */
const digestOf = (schema: z.ZodType): string =>
  createHash('sha256')
    .update(JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })))
    .digest('hex')
    .slice(0, 16);

test.each([
  ['the answer', rowsSchema, '153372530048e790'],
  ['the invocation', readInvocation, '2fcd9609faa80dfb'],
])(
  '%s has the shape that version 1 stands for: who changes it after a release raises the version, too',
  (_name, schema, digest) => {
    expect(digestOf(schema)).toBe(digest);
  },
);
