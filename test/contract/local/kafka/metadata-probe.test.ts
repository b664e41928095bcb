import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { decodeBrokerIds, encodeMetadataRequest, fetchBrokerIds } from '../../../../local/kafka/metadata-probe.ts';
import { fetchFreePorts } from '../../../../local/kafka/ports.ts';

/** Metadata v1: size, correlation id, brokers (id, host, port, rack), then what the probe doesn't read. */
const answer = Buffer.from(
  '00000036 00000001 00000002 00000003 0009 3132372e302e302e31 00000001 ffff 00000001 0001 61 00000002 0001 62 00000001 00000000'.replaceAll(
    ' ',
    '',
  ),
  'hex',
);

describe('the readiness probe', () => {
  it('asks Metadata v1 for no topics', () => {
    const request = encodeMetadataRequest();
    expect(request.readInt32BE(0)).toBe(request.length - 4);
    expect([request.readInt16BE(4), request.readInt16BE(6)]).toEqual([3, 1]);
    expect(request.readInt32BE(request.length - 4)).toBe(0);
  });

  it('reads the ids of live brokers, sorted, and waits for the whole answer', () => {
    const whole = Buffer.from(answer);
    whole.writeInt32BE(whole.length - 4, 0);
    expect(decodeBrokerIds(whole)).toEqual([1, 3]);
    expect(decodeBrokerIds(whole.subarray(0, 20))).toBeUndefined();
    expect(decodeBrokerIds(Buffer.alloc(0))).toBeUndefined();
  });

  it('takes a refused connection, and a server that never answers, for not ready', async () => {
    const [port = 0] = await fetchFreePorts(1);
    expect(await fetchBrokerIds(port, 1_000)).toBeUndefined();
    const silent = createServer().listen(port, '127.0.0.1');
    try {
      expect(await fetchBrokerIds(port, 100)).toBeUndefined();
    } finally {
      silent.close();
    }
  });
});
