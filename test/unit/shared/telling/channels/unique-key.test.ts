import { describe, expect, test } from 'vitest';
import { uniqueKeyOf } from '../../../../../shared/telling/channels/unique-key.ts';

const place = { accountId: '111122223333', region: 'eu-west-1', cluster: 'orders' };

describe('a key that many stacks may share', () => {
  test('says whose it is', () => {
    expect(uniqueKeyOf(place, '12/emergency')).toBe('mskeeper/111122223333/eu-west-1/orders/12/emergency');
  });

  test.each([
    ['another account', { ...place, accountId: '444455556666' }],
    ['another Region', { ...place, region: 'us-east-1' }],
    ['another cluster', { ...place, cluster: 'payments' }],
  ])('is another one of %s, also where only a digest is told', (_what, other) => {
    for (const key of ['12', '日'.repeat(300)]) expect(uniqueKeyOf(other, key)).not.toBe(uniqueKeyOf(place, key));
  });

  test.each([
    ['long', 'x'.repeat(300)],
    ['of other letters', 'topic 订单'],
    ['of lines', 'a\nb'],
    ['like a secret', 'AKIAIOSFODNN7EXAMPLE'],
    ['like the digest of another', 'digest=0'],
  ])('is a digest where it is %s: short, plain, the same each time', (_what, key) => {
    const told = uniqueKeyOf(place, key);
    expect(told).toMatch(/^mskeeper\/digest=[0-9a-f]{64}$/);
    expect(uniqueKeyOf(place, key)).toBe(told);
    expect(uniqueKeyOf(place, `${key} `)).not.toBe(told);
  });
});
