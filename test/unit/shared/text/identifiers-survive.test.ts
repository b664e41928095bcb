import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auditKey } from '../../../../shared/acting/core/keys.ts';
import { reportKey } from '../../../../shared/core/store-keys.ts';
import { redactText, redactValue } from '../../../../shared/text/redaction.ts';
import { cases } from '../../../support/depth.ts';

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const account = fc.stringMatching(/^\d{12}$/);
const region = fc.constantFrom('eu-west-1', 'us-gov-west-1', 'cn-north-1', 'ap-northeast-1');
const uuid = fc.uuid();
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,60}[a-z0-9]$/);
const arnOf = (rest: (...parts: string[]) => string) =>
  fc.tuple(region, account, name, uuid).map((parts) => rest(...parts));

/** What AWS, Kafka and mskeeper call things by themselves: nobody chose it to look like a secret, and people search for it. */
const identifiers: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'a cluster’s ARN': arnOf((r, a, n, u) => `arn:aws:kafka:${r}:${a}:cluster/${n}/${u}-4`),
  'an operation’s ARN': arnOf((r, a, n, u) => `arn:aws:kafka:${r}:${a}:cluster-operation/${n}/${u}-4/${u}`),
  'a function’s ARN with a version': arnOf((r, a, n) => `arn:aws:lambda:${r}:${a}:function:${n}:12`),
  'a durable execution’s ARN': arnOf(
    (r, a, n, u) => `arn:aws:lambda:${r}:${a}:function:${n}:3/durable-execution/${n}-7/${u}`,
  ),
  'a role’s session': arnOf((_r, a, n) => `arn:aws:sts::${a}:assumed-role/${n}/alice`),
  'a secret’s ARN': arnOf((r, a, n) => `arn:aws:secretsmanager:${r}:${a}:secret:AmazonMSK_${n}-AbCdEf`),
  'a key’s ARN': arnOf((r, a, _n, u) => `arn:aws:kms:${r}:${a}:key/${u}`),
  'an alarm’s ARN': arnOf(
    (r, a, n) => `arn:aws:cloudwatch:${r}:${a}:alarm:mskeeper/${n}/cluster-health/disk-1/critical`,
  ),
  'a request id': uuid,
  'a request id of S3': fc.stringMatching(/^[0-9B-Z][0-9A-Z]{15}$/),
  'an account': account,
  'a commit': hex(40),
  'a digest of SHA-256': hex(64),
  'a version of MSK': fc.stringMatching(/^K[0-9A-Z]{13}$/),
  'a broker’s host': fc
    .tuple(name, hex(6), region)
    .map(([n, h, r]) => `b-12.${n}.${h}.c2.kafka.${r}.amazonaws.com:9098`),
  'an address': fc.ipV4(),
  'a cause': fc
    .tuple(name, fc.integer({ min: 1, max: 9_999 }))
    .map(([n, i]) => `${n}-storage-scaling-${i}-2026-11-21t1000-1`),
  'an execution’s name': fc
    .tuple(name, fc.integer({ min: 1, max: 99_999 }))
    .map(([n, i]) => `${n}-storage-scaling-${i}`),
  'a key of a report': fc
    .tuple(name, uuid, fc.integer({ min: 0, max: 4e12 }))
    .map(([n, u, at]) => reportKey('cluster-health', n, at, u)),
  'a key of the audit': fc
    .tuple(name, fc.integer({ min: 0, max: 4e12 }))
    .map(([n, at]) => auditKey(n, 'storage-scaling', at, `${n}-1`)),
  'a time': fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
    .map((date) => date.toISOString()),
  'an offset or a count': fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map((offset) => offset.toString()),
  milliseconds: fc.integer({ min: 0, max: 4e12 }).map(String),
  'an id of a cluster of Kafka': fc.stringMatching(/^[A-Za-z0-9_-]{22}$/),
  'a subnet': hex(17).map((id) => `subnet-${id}`),
  'an availability zone': fc.constantFrom('use1-az1', 'euw1-az3'),
};

describe.each(Object.entries(identifiers))('%s', (_what, arbitrary) => {
  test('is found again by the letter: alone, in a sentence, and in a document', () => {
    fc.assert(
      fc.property(arbitrary, (id) => {
        for (const text of [id, `see ${id}.`, `MSK accepted: operation ${id}, request ${id}`, `"${id}"`])
          expect(redactText(text)).toBe(text);
        const document = { operationArn: id, requestId: id, evidence: { operation: id }, list: [id] };
        expect(redactValue(document)).toEqual(document);
        expect(redactValue(redactValue(document))).toEqual(document);
      }),
      cases(200, 2_000),
    );
  });
});
