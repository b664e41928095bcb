import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { STSClient } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/core/protocols';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { signProof } from '../../../../cli/account/proof.ts';
import { type AwsServer, startAwsServer } from '../../../../local/aws/server.ts';
import { createSts } from '../../../../local/aws/services/sts/sts.ts';
import { createAwsWorld } from '../../../../local/aws/world.ts';
import { manualClock } from '../../../../local/clock.ts';
import { fetchProvenCaller, type ProvenCaller, proofBody, proofHeaders } from '../../../../shared/aws/caller-proof.ts';
import { DependencyError } from '../../../../shared/core/errors.ts';
import { minuteMs } from '../../../../shared/core/units.ts';
import { type CallerProof, callerProof } from '../../../../shared/events/caller-proof.ts';
import { openCallScope } from '../../../../shared/run/call-scope.ts';
import { describeError } from '../../../../shared/text/redaction.ts';
import { cases } from '../../../support/depth.ts';

const region = 'eu-west-1';
const accountId = '111122223333';
const digest = 'ab'.repeat(32);
const world = createAwsWorld({ clock: manualClock(Date.now()), accountId, region });
createSts(world);
const [alice, bob] = ['alice', 'bob'].map((name) => world.identities.addUser(name)) as [Keys, Keys];
type Keys = ReturnType<typeof world.identities.addUser>;
const aliceArn = `arn:aws:iam::${accountId}:user/alice`;

let standIn: AwsServer;
beforeAll(async () => {
  standIn = await startAwsServer(world);
});
const servers: { close: () => void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  vi.restoreAllMocks();
});
afterAll(() => standIn.close());

/** A server that plays STS; it counts who asked. */
async function serve(listener: RequestListener) {
  const asked: { readonly headers: unknown; readonly body: string; readonly method: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      asked.push({ headers: request.headers, body, method: request.method ?? '' });
      listener(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
const answering = (status: number, body: string, headers: Readonly<Record<string, string>> = {}) =>
  serve((_request, response) => response.writeHead(status, { 'content-type': 'text/xml', ...headers }).end(body));

type Signing = { readonly keys?: Keys; readonly headers?: Readonly<Record<string, string>>; readonly atMs?: number };

/** A signature that is right over whatever it signs: by other headers, at another time. */
async function sign(url: string, { keys = alice, headers = proofHeaders(digest), atMs = Date.now() }: Signing = {}) {
  const client = new STSClient({ region, endpoint: url, credentials: keys });
  const { host, hostname, port } = new URL(url);
  const scheme = { name: 'sigv4', signingName: 'sts', signingRegion: region, properties: {} };
  const signer = await client.config.signer(scheme);
  const request = new HttpRequest({
    method: 'POST',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: '/',
    headers: { host, ...headers },
    body: proofBody,
  });
  const { headers: signed } = await signer.sign(request, { signingDate: new Date(atMs) });
  return callerProof.parse({
    authorization: signed.authorization,
    'x-amz-date': signed['x-amz-date'],
    'x-amz-security-token': signed['x-amz-security-token'],
  });
}

const scope = () => openCallScope(new AbortController().signal);
const ask = (url: string, proof: CallerProof, over = digest, withinMs?: number) =>
  fetchProvenCaller(scope(), region, over, proof, { AWS_ENDPOINT_URL_STS: url }, withinMs);

/** What came of it, with every word of an error. */
const wordsOf = async (asked: Promise<ProvenCaller>): Promise<string> => {
  try {
    return JSON.stringify(await asked);
  } catch (error) {
    const { stack } = error as Error;
    return `${JSON.stringify(describeError(error))} ${JSON.stringify(error)} ${stack}`;
  }
};

const identity = (fields: string): string =>
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n<GetCallerIdentityResult>${fields}</GetCallerIdentityResult>\n<ResponseMetadata><RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
const named = (arn: string, account = accountId): string =>
  identity(`<Arn>${arn}</Arn><UserId>AIDAEXAMPLE</UserId><Account>${account}</Account>`);
const problem = (code: string, message = 'no'): string =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`;

describe('what is sent', () => {
  test('is one POST of our own words to the root of the address, with the headers that were signed', async () => {
    const { url, asked } = await answering(200, named(aliceArn));
    const proof = await sign(url);
    const calls = scope();
    expect(await fetchProvenCaller(calls, region, digest, proof, { AWS_ENDPOINT_URL_STS: url })).toEqual({
      isProven: true,
      arn: aliceArn,
    });
    expect(asked).toEqual([
      {
        method: 'POST',
        body: proofBody,
        headers: expect.objectContaining({ ...proofHeaders(digest), ...proof, host: new URL(url).host }),
      },
    ]);
    expect(calls.requestCountByCall()).toEqual({ 'sts:GetCallerIdentity': 1 });
  });

  test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed, to whatever place', async (status) => {
    const other = await answering(200, named(aliceArn));
    const { url } = await answering(status, '', { location: `${other.url}/` });
    expect(await ask(url, await sign(url))).toMatchObject({ isProven: false });
    const same = await serve((request, response) =>
      request.url === '/'
        ? response.writeHead(status, { location: '/again' }).end()
        : response.writeHead(200).end(named(aliceArn)),
    );
    expect(await ask(same.url, await sign(same.url))).toMatchObject({ isProven: false });
    expect([other.asked.length, same.asked.length]).toEqual([0, 1]);
  });
});

describe('whom an answer proves', () => {
  test.each([
    ['a user', aliceArn],
    ['a user under a path', `arn:aws:iam::${accountId}:user/ops/on-call/alice`],
    ['the session of a role', `arn:aws:sts::${accountId}:assumed-role/Ops/alice@example.com`],
    ['one of another partition', `arn:aws-cn:iam::${accountId}:user/alice`],
  ])('%s', async (_name, arn) => {
    const { url } = await answering(200, named(arn));
    expect(await ask(url, await sign(url))).toEqual({ isProven: true, arn });
  });

  const fields = `<Arn>${aliceArn}</Arn><UserId>A</UserId><Account>${accountId}</Account>`;
  test.each([
    ['a federated user', named(`arn:aws:sts::${accountId}:federated-user/alice`)],
    ['root', named(`arn:aws:iam::${accountId}:root`)],
    ['a role itself', named(`arn:aws:iam::${accountId}:role/Ops`)],
    ['a service', named('lambda.amazonaws.com')],
    ['an ARN of another account than it says', named(aliceArn, '444455556666')],
    ['two ARNs', identity(fields.replace('<UserId>', `<Arn>arn:aws:iam::${accountId}:user/bob</Arn><UserId>`))],
    ['an ARN in place of another field', identity(fields.replaceAll('UserId', 'Arn'))],
    ['two accounts', identity(fields.replaceAll('UserId', 'Account'))],
    ['no ARN', identity(fields.replace(/<Arn>.*<\/Arn>/, ''))],
    ['an ARN in a comment', identity(`<!--${fields}-->`)],
    [
      'an ARN in CDATA',
      identity(`<Arn><![CDATA[${aliceArn}]]></Arn><UserId>A</UserId><Account>${accountId}</Account>`),
    ],
    ['the same twice', named(aliceArn) + named(aliceArn)],
    ['something before it', `x${named(aliceArn)}`],
    ['a document type with an entity', `<!DOCTYPE x [<!ENTITY a "b">]>${named(aliceArn)}`],
    ['another result', named(aliceArn).replaceAll('GetCallerIdentity', 'GetSessionToken')],
    ['another namespace', named(aliceArn).replace('sts.amazonaws.com', 'sts.example.com')],
    ['half an answer', named(aliceArn).slice(0, -20)],
    ['nothing', ''],
    ['a page', `<!doctype html><html><body>${named(aliceArn)}</body></html>`],
    ['JSON', JSON.stringify({ GetCallerIdentityResponse: { GetCallerIdentityResult: { Arn: aliceArn } } })],
    ['an ARN over two lines', named(`${aliceArn}\n`)],
  ])('nobody: %s', async (_name, body) => {
    const { url } = await answering(200, body);
    expect(await ask(url, await sign(url))).toEqual({ isProven: false, why: expect.any(String) });
  });

  test.each([201, 202, 203, 206, 299])('nobody, where a status (%i) is none that STS has', async (status) => {
    const { url } = await answering(status, named(aliceArn));
    expect(await ask(url, await sign(url))).toMatchObject({ isProven: false });
  });

  test.each([
    ['SignatureDoesNotMatch', 'The request signature we calculated does not match', ''],
    ['SignatureDoesNotMatch', 'Signature expired: 20260114T120000Z is now earlier than', 'too old'],
    ['SignatureDoesNotMatch', 'Signature not yet current: 20260114T120000Z is still later than', ''],
    ['ExpiredToken', 'The security token included in the request is expired', 'too old'],
    ['InvalidClientTokenId', 'The security token included in the request is invalid', ''],
    ['AccessDenied', 'no', ''],
    ['IncompleteSignature', 'no', ''],
  ])('nobody: %s, "%s"', async (code, message, words) => {
    const { url } = await answering(403, problem(code, message));
    const answer = await ask(url, await sign(url));
    expect(answer).toEqual({ isProven: false, why: expect.stringContaining(`(403 ${code})`) });
    expect(JSON.stringify(answer).includes('too old')).toBe(words !== '');
  });
});

describe('nobody knows, which is neither a yes nor a no', () => {
  const failureOf = async (asked: Promise<ProvenCaller>): Promise<string> => {
    const error = await asked.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DependencyError);
    expect(error).toMatchObject({ call: 'sts:GetCallerIdentity' });
    expect(error).not.toHaveProperty('cause', expect.anything());
    return (error as DependencyError).failure;
  };

  test.each([
    [400, 'Throttling', 'throttled'],
    [400, 'ThrottlingException', 'throttled'],
    [400, 'ThrottledException', 'throttled'],
    [400, 'RequestThrottled', 'throttled'],
    [400, 'RequestLimitExceeded', 'throttled'],
    [400, 'TooManyRequestsException', 'throttled'],
    [429, 'Other', 'throttled'],
    [503, 'SlowDown', 'throttled'],
    [503, 'ServiceUnavailable', 'failed'],
    [500, 'InternalFailure', 'failed'],
    [502, 'constructor', 'failed'],
    [408, 'RequestTimeout', 'timed-out'],
    [400, 'RequestTimeoutException', 'timed-out'],
  ])('%i %s is %s', async (status, code, failure) => {
    const { url } = await answering(status, problem(code));
    expect(await failureOf(ask(url, await sign(url)))).toBe(failure);
  });

  test('an answer without an end is left, whatever stands in it', async () => {
    const { url } = await answering(200, named(aliceArn) + ' '.repeat(20_000));
    expect(await failureOf(ask(url, await sign(url)))).toBe('bad-answer');
    const endless = await serve((_request, response) => {
      response.writeHead(200);
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(4_096)));
      };
      response.on('drain', pour);
      pour();
    });
    expect(await failureOf(ask(endless.url, await sign(endless.url)))).toBe('bad-answer');
  });

  const cutOff: readonly [string, (response: ServerResponse) => void][] = [
    ['before it', (response) => response.destroy()],
    ['within it', (response) => cutWithin(response.writeHead(200, { 'content-length': '5000' }))],
    ['within a chunk', (response) => cutWithin(response.writeHead(200))],
  ];
  const cutWithin = (response: ServerResponse) => response.write(named(aliceArn), () => response.destroy());
  test.each(cutOff)('an answer cut off %s', async (_name, cut) => {
    const { url } = await serve((_request, response) => cut(response));
    expect(await failureOf(ask(url, await sign(url)))).toBe('unreachable');
  });

  test('a server that is not there', async () => {
    const { url } = await answering(200, '');
    const proof = await sign(url);
    for (const server of servers.splice(0)) server.close();
    expect(await failureOf(ask(url, proof))).toBe('unreachable');
  });

  const silent: readonly [string, RequestListener][] = [
    ['at all', () => undefined],
    ['to the end', (_request, response) => void response.writeHead(200).write('<')],
  ];
  test.each(silent)('a server that does not answer %s: by its own time, and by the run’s', async (_name, listener) => {
    const { url } = await serve(listener);
    const proof = await sign(url);
    expect(await failureOf(ask(url, proof, digest, 50))).toBe('timed-out');
    const calls = openCallScope(AbortSignal.timeout(50));
    expect(await failureOf(fetchProvenCaller(calls, region, digest, proof, { AWS_ENDPOINT_URL: url }))).toBe(
      'timed-out',
    );
    expect(calls.callsInFlight()).toEqual([]);
  });
});

describe('what a proof says itself is judged before anybody is asked', () => {
  const signedWith = (headers: Readonly<Record<string, string>>) => async (url: string) => sign(url, { headers });
  const rewritten = (from: string | RegExp, to: string) => async (url: string) => {
    const proof = await sign(url);
    return { ...proof, authorization: proof.authorization.replace(from, to) };
  };
  const { 'x-mskeeper-digest': _digest, ...withoutDigest } = proofHeaders(digest);
  test.each<[string, (url: string) => Promise<CallerProof>]>([
    ['one more header signed', signedWith({ ...proofHeaders(digest), 'x-forwarded-host': 'sts.example.com' })],
    ['the digest not signed', signedWith(withoutDigest)],
    ['nothing of ours signed', signedWith({})],
    ['the host not signed', rewritten(';host;', ';')],
    ['the host alone signed', rewritten(/SignedHeaders=[^,]+/, 'SignedHeaders=host')],
    ['a header twice', rewritten(';host;', ';host;host;')],
    ['headers in another order', rewritten('content-type;host', 'host;content-type')],
    ['another Region', rewritten('/eu-west-1/', '/us-east-1/')],
    ['no Region', rewritten('/eu-west-1/', '/-/')],
    ['another day', rewritten(/\/\d{8}\//, '/20200101/')],
  ])('%s: unproven, and nothing is sent', async (_name, make) => {
    const { url, asked } = await answering(200, named(aliceArn));
    const proof = await make(url);
    expect(await ask(url, proof)).toEqual({ isProven: false, why: expect.any(String) });
    expect(asked).toEqual([]);
  });

  test('the scope’s Region is the cluster’s, not the one that the proof would like', async () => {
    const { url, asked } = await answering(200, named(aliceArn));
    const proof = await sign(url);
    const environment = { AWS_ENDPOINT_URL: url };
    expect(await fetchProvenCaller(scope(), 'eu-central-1', digest, proof, environment)).toMatchObject({
      isProven: false,
      why: 'it was signed for another Region',
    });
    expect(asked).toEqual([]);
  });

  test('nothing but a signature fits its shape', async () => {
    const proof = await sign('http://127.0.0.1:1');
    const { authorization } = proof;
    expect(callerProof.safeParse(proof).success).toBe(true);
    const twice = authorization.replace(
      'Credential=',
      'Credential=AKIAAAAAAAAAAAAAAAAA/20260101/eu-west-1/sts/aws4_request, Credential=',
    );
    const odd: readonly Readonly<Record<string, unknown>>[] = [
      { ...proof, host: 'sts.example.com' },
      { ...proof, 'X-Amz-Target': 'x' },
      { ...proof, 'x-mskeeper-digest': digest },
      { ...proof, __proto: 'x' },
      { ...proof, 'x-amz-date': `${proof['x-amz-date']}\r\nhost: sts.example.com` },
      { ...proof, 'x-amz-date': [proof['x-amz-date']] },
      { ...proof, 'x-amz-security-token': 'a\r\nx-amz-target: b' },
      { ...proof, 'x-amz-security-token': 'a b' },
      { ...proof, 'x-amz-security-token': '' },
      { ...proof, 'x-amz-security-token': 'a'.repeat(8_193) },
      { ...proof, 'x-amz-security-token': 'ä' },
      { 'X-Amz-Date': proof['x-amz-date'], Authorization: authorization },
      ...[
        twice,
        `${authorization}\n`,
        `${authorization}\r\nhost: sts.example.com`,
        `\n${authorization}`,
        authorization.replace('SignedHeaders=', 'SignedHeaders=Host;'),
        authorization.replace('host', 'Host'),
        authorization.replace('/sts/', '/s3/'),
        authorization.replace('aws4_request', 'aws5_request'),
        authorization.replace('HMAC', 'ECDSA-P256'),
        authorization.replace('Signature=', 'Signature=00'),
        authorization.replace(/Signature=.*/, (signature) => signature.toUpperCase()),
        `${authorization}, Signature=${'0'.repeat(64)}`,
        authorization.replace(', SignedHeaders', ',SignedHeaders'),
        `Bearer ${authorization}`,
        '',
      ].map((one) => ({ ...proof, authorization: one })),
    ];
    for (const one of odd) expect(callerProof.safeParse(one).success, JSON.stringify(one)).toBe(false);
  });
});

describe('STS that judges', () => {
  test('proves who signed over this digest, and nobody over another one', async () => {
    const proof = await sign(standIn.url);
    expect(await ask(standIn.url, proof)).toEqual({ isProven: true, arn: aliceArn });
    expect(await ask(standIn.url, proof, 'cd'.repeat(32))).toMatchObject({ isProven: false });
  });

  test('takes what the approver’s command signs', async () => {
    const client = new STSClient({ region, endpoint: standIn.url, credentials: bob });
    const proof = await signProof(client, region, digest, { AWS_ENDPOINT_URL: standIn.url });
    expect(await ask(standIn.url, proof)).toEqual({ isProven: true, arn: aliceArn.replace('alice', 'bob') });
  });

  test.each([
    [-16, false, 'too old'],
    [-14, true, ''],
    [14, true, ''],
    [16, false, 'SignatureDoesNotMatch'],
  ])('signed %i minutes from now: proven is %s', async (minutes, isProven, words) => {
    const proof = await sign(standIn.url, { atMs: Date.now() + minutes * minuteMs });
    const answer = await ask(standIn.url, proof);
    expect(answer.isProven).toBe(isProven);
    expect(JSON.stringify(answer)).toContain(words);
  });

  test('whatever of a proof is changed, it proves nobody', async () => {
    const proof = await sign(standIn.url);
    const other = await sign(standIn.url, { keys: bob });
    const older = await sign(standIn.url, { atMs: Date.now() - 5 * minuteMs });
    const names = ['authorization', 'x-amz-date', 'x-amz-security-token'] as const;
    const letters = fc.constantFrom(...'0123456789abcdefABCDEFTZxyz/;=,- %\n');
    const oneLetter = fc
      .record({ name: fc.constantFrom(...names), at: fc.nat({ max: 400 }), letter: letters, isInserted: fc.boolean() })
      .map(({ name, at, letter, isInserted }) => {
        const text = proof[name] ?? '';
        const place = at % text.length;
        return { ...proof, [name]: text.slice(0, place) + letter + text.slice(isInserted ? place : place + 1) };
      });
    const mixed = fc
      .tuple(...names.map(() => fc.constantFrom(proof, other, older)))
      .map((of) => Object.fromEntries(names.map((name, index) => [name, of[index]?.[name]])))
      .filter((one) => ![proof, other, older].some((whole) => names.every((name) => whole[name] === one[name])));
    const without = fc.constantFrom(...names).map((name) => ({ ...proof, [name]: undefined }));
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 5, arbitrary: oneLetter }, mixed, without), async (changed) => {
        const { 'x-amz-security-token': token, ...rest } = changed as Record<string, unknown>;
        const parsed = callerProof.safeParse(token === undefined ? rest : changed);
        if (!parsed.success || names.every((name) => parsed.data[name] === proof[name])) return;
        expect(await ask(standIn.url, parsed.data)).toMatchObject({ isProven: false });
      }),
      cases(300, 10_000),
    );
  });
});

test('nothing of a proof is in any answer, error or line, also where STS gives it back', async () => {
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, name).mockImplementation((...words) => void lines.push(words.join(' ')));
  const told: string[] = [];
  let proof: CallerProof | undefined;
  for (const status of [200, 301, 400, 403, 408, 429, 500, 503]) {
    for (const shape of [(text: string) => text, named, problem, (text: string) => problem('ExpiredToken', text)]) {
      const { url } = await serve((request, response) =>
        response.writeHead(status).end(shape(JSON.stringify(request.headers))),
      );
      proof = await sign(url);
      told.push(await wordsOf(ask(url, proof)));
    }
  }
  const gone = await sign('http://127.0.0.1:1');
  told.push(await wordsOf(ask('http://127.0.0.1:1', gone)));
  expect(told).toHaveLength(33);
  const secrets = [alice.accessKeyId, alice.sessionToken, 'Signature=', 'AWS4-HMAC', alice.secretAccessKey];
  for (const text of [...told, ...lines]) for (const secret of secrets) expect(text).not.toContain(secret);
});
