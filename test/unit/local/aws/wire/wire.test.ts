import * as CloudWatch from '@aws-sdk/client-cloudwatch';
import * as EventBridge from '@aws-sdk/client-eventbridge';
import * as Kafka from '@aws-sdk/client-kafka';
import * as Lambda from '@aws-sdk/client-lambda';
import * as S3 from '@aws-sdk/client-s3';
import * as Sns from '@aws-sdk/client-sns';
import { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { describe, expect, test } from 'vitest';
import { decodeBody } from '../../../../../local/aws/request-body.ts';
import type { Protocol } from '../../../../../local/aws/service.ts';
import { createCodec } from '../../../../../local/aws/wire/codec.ts';
import type { WireRequest } from '../../../../../local/aws/wire/message.ts';

/**
 * An unmodified client whose requests never leave the process: the codec decodes each, and encodes the given answer.
 * The input that went into the client must come out of the codec, and the other way round for the output.
 */
function roundTrip(signingName: string, protocol: Protocol, clientModule: Record<string, unknown>, output: unknown) {
  const codec = createCodec({ signingName, protocol, clientModule, operations: {} });
  const seen: { operation?: string | undefined; input?: Record<string, unknown> } = {};
  const requestHandler = {
    async handle(sent: unknown) {
      if (!HttpRequest.isInstance(sent)) throw new Error('not a request');
      const headers = Object.fromEntries(
        Object.entries(sent.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(sent.query))
        for (const each of [value].flat()) query.append(name, each ?? '');
      const sentBody =
        typeof sent.body === 'string' ? Buffer.from(sent.body) : Buffer.from(new Uint8Array(sent.body ?? []));
      const request: WireRequest = {
        method: sent.method,
        path: sent.path,
        query,
        headers,
        body: decodeBody(sentBody, headers, signingName).body,
      };
      seen.operation = codec.operationOf(request);
      seen.input = codec.decode(seen.operation ?? '', request);
      const { status, headers: answered, body } = codec.encode(seen.operation ?? '', output, 'r-1');
      return { response: new HttpResponse({ statusCode: status, headers: { ...answered }, body: Buffer.from(body) }) };
    },
  };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const options = { endpoint: 'http://127.0.0.1:1', region: 'eu-west-1', credentials, maxAttempts: 1, requestHandler };
  return { options, seen };
}

describe('the SDK’s schemas in reverse', () => {
  test('REST-JSON: an ARN in the path, members in the query and in a renamed body', async () => {
    const input = {
      ClusterArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/x-1',
      CurrentVersion: 'K1',
      TargetBrokerEBSVolumeInfo: [
        {
          KafkaBrokerNodeId: 'All',
          VolumeSizeGB: 200,
          ProvisionedThroughput: { Enabled: true, VolumeThroughput: 250 },
        },
      ],
    };
    const output = { ClusterArn: input.ClusterArn, ClusterOperationArn: 'arn:op' };
    const { options, seen } = roundTrip('kafka', 'rest-json', { ...Kafka }, output);
    const answer = await new Kafka.KafkaClient(options).send(new Kafka.UpdateBrokerStorageCommand(input));
    expect(seen).toEqual({ operation: 'UpdateBrokerStorage', input });
    expect(answer).toMatchObject(output);
  });

  test('REST-JSON: numbers in the query, dates and nested lists in the answer', async () => {
    const output = {
      ClusterInfoList: [
        { ClusterArn: 'arn:c', CreationTime: new Date('2026-11-21T06:00:00Z'), Tags: { team: 'data' } },
      ],
      NextToken: 't',
    };
    const { options, seen } = roundTrip('kafka', 'rest-json', { ...Kafka }, output);
    const answer = await new Kafka.KafkaClient(options).send(
      new Kafka.ListClustersV2Command({ MaxResults: 7, ClusterNameFilter: 'or d&er' }),
    );
    expect(seen).toEqual({ operation: 'ListClustersV2', input: { MaxResults: 7, ClusterNameFilter: 'or d&er' } });
    expect(answer).toMatchObject(output);
  });

  test('REST-JSON: a raw payload, members in headers and in the status', async () => {
    const output = {
      StatusCode: 200,
      FunctionError: 'Unhandled',
      LogResult: 'bG9n',
      Payload: Buffer.from('{"broken":true}'),
    };
    const { options, seen } = roundTrip('lambda', 'rest-json', { ...Lambda }, output);
    const input = {
      FunctionName: 'arn:aws:lambda:eu-west-1:1:function:watch:live',
      InvocationType: 'RequestResponse' as const,
      LogType: 'Tail' as const,
    };
    const answer = await new Lambda.LambdaClient(options).send(
      new Lambda.InvokeCommand({ ...input, Payload: Buffer.from('{"n":1}') }),
    );
    expect(seen).toMatchObject({ operation: 'Invoke', input });
    expect(String(seen.input?.Payload)).toBe('{"n":1}');
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled', LogResult: 'bG9n' });
    expect(answer.Payload?.transformToString()).toBe('{"broken":true}');
  });

  test('AWS JSON 1.0: dates as seconds, numbers that JSON lacks, a compressed body', async () => {
    const Timestamp = new Date('2026-11-21T06:00:00.250Z');
    const datum = (Value: number) => ({
      MetricName: 'm'.repeat(200),
      Timestamp,
      Value,
      Dimensions: [{ Name: 'Broker ID', Value: '1' }],
    });
    const input = { Namespace: 'mskeeper', MetricData: Array.from({ length: 100 }, (_, index) => datum(index + 0.5)) };
    const { options, seen } = roundTrip('monitoring', 'aws-json-1.0', { ...CloudWatch }, {});
    await new CloudWatch.CloudWatchClient(options).send(new CloudWatch.PutMetricDataCommand(input));
    expect(seen).toEqual({ operation: 'PutMetricData', input });
  });

  test('AWS JSON 1.1: lists of records, in and out', async () => {
    const input = {
      Entries: [{ Source: 's', DetailType: 'd', Detail: '{"ü":1}', Time: new Date(0), Resources: ['r'] }],
    };
    const output = {
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }],
    };
    const { options, seen } = roundTrip('events', 'aws-json-1.1', { ...EventBridge }, output);
    const answer = await new EventBridge.EventBridgeClient(options).send(new EventBridge.PutEventsCommand(input));
    expect(seen).toEqual({ operation: 'PutEvents', input });
    expect(answer).toMatchObject(output);
  });

  test('query: lists, maps, blobs and texts with every kind of character', async () => {
    const input = {
      TopicArn: 'arn:t',
      PublishBatchRequestEntries: [
        { Id: 'one', Message: 'a & b = <c> + ü\n"d"' },
        {
          Id: 'two',
          Message: 'm',
          MessageAttributes: {
            kind: { DataType: 'String', StringValue: 'x.y' },
            bytes: { DataType: 'Binary', BinaryValue: Uint8Array.from([0, 255]) },
          },
        },
      ],
    };
    const output = {
      Successful: [{ Id: 'one', MessageId: 'm-1' }],
      Failed: [{ Id: 'two', Code: 'c', Message: '<&>', SenderFault: true }],
    };
    const { options, seen } = roundTrip('sns', 'query', { ...Sns }, output);
    const answer = await new Sns.SNSClient(options).send(new Sns.PublishBatchCommand(input));
    expect(seen).toEqual({ operation: 'PublishBatch', input });
    expect(answer).toMatchObject(output);
  });

  test('query: a map in the answer', async () => {
    const output = { Attributes: { TopicArn: 'arn:t', Policy: '{"a":"<b>"}' } };
    const { options } = roundTrip('sns', 'query', { ...Sns }, output);
    const answer = await new Sns.SNSClient(options).send(new Sns.GetTopicAttributesCommand({ TopicArn: 'arn:t' }));
    expect(answer).toMatchObject(output);
  });

  test('REST-XML: an XML body, told from its neighbours by the query', async () => {
    const Tagging = {
      TagSet: [
        { Key: 'a', Value: '<1>' },
        { Key: 'b', Value: '2' },
      ],
    };
    const { options, seen } = roundTrip('s3', 'rest-xml', { ...S3 }, {});
    await new S3.S3Client(options).send(new S3.PutObjectTaggingCommand({ Bucket: 'b', Key: 'k/1 2', Tagging }));
    expect(seen).toMatchObject({ operation: 'PutObjectTagging', input: { Bucket: 'b', Key: 'k/1 2', Tagging } });
  });

  test('REST-XML: dates in headers and lists in the answer', async () => {
    const output = {
      Name: 'b',
      KeyCount: 1,
      Contents: [{ Key: 'a&b', Size: 3, LastModified: new Date('2026-11-21T06:00:00Z') }],
    };
    const { options, seen } = roundTrip('s3', 'rest-xml', { ...S3 }, output);
    const answer = await new S3.S3Client(options).send(
      new S3.ListObjectsV2Command({ Bucket: 'b', Prefix: 'a&', MaxKeys: 5 }),
    );
    expect(seen).toMatchObject({ operation: 'ListObjectsV2', input: { Bucket: 'b', Prefix: 'a&', MaxKeys: 5 } });
    expect(answer).toMatchObject(output);
    const since = new Date('2026-11-21T06:00:00Z');
    await new S3.S3Client(options).send(new S3.HeadObjectCommand({ Bucket: 'b', Key: 'k', IfModifiedSince: since }));
    expect(seen).toMatchObject({ operation: 'HeadObject', input: { IfModifiedSince: since } });
  });

  test('a client without operation schemas is refused, since an upgrade may take them away', () => {
    const empty = { signingName: 'sns', protocol: 'query', clientModule: {}, operations: {} } as const;
    expect(() => createCodec(empty)).toThrow('exports no operation schemas');
  });

  test('a body that is not of the protocol is a SerializationException', () => {
    const codec = createCodec({
      signingName: 'events',
      protocol: 'aws-json-1.1',
      clientModule: { ...EventBridge },
      operations: {},
    });
    const request = (body: string): WireRequest => ({
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      headers: {},
      body: Buffer.from(body),
    });
    for (const body of ['{', '[]', '1']) {
      expect(() => codec.decode('PutEvents', request(body))).toThrow(
        expect.objectContaining({ code: 'SerializationException' }),
      );
    }
  });
});
