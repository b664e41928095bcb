import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';

type ReceivedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** What the server answers; `hang` never does, `cut` hears all and goes away. */
export type PreparedAnswer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
    }
  | 'hang'
  | 'cut';

export type AnsweringServer = {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  readonly answerWith: (answer: (request: ReceivedRequest, index: number) => PreparedAnswer) => void;
  readonly stop: () => Promise<void>;
};

/**
 * An HTTP server on loopback that plays an AWS service for unmodified SDK clients: the environment points every client
 * at it, with credentials that belong to nobody.
 */
export async function startAnsweringServer(): Promise<AnsweringServer> {
  const requests: ReceivedRequest[] = [];
  let answerTo: (request: ReceivedRequest, index: number) => PreparedAnswer = () => ({ status: 500 });
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') };
      requests.push(request);
      send(response, answerTo(request, requests.length - 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The boundary: a listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  vi.stubEnv('AWS_ENDPOINT_URL', url);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test-key-id');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test-key');
  return {
    url,
    requests,
    answerWith: (answer) => {
      requests.length = 0;
      answerTo = answer;
    },
    stop: async () => {
      vi.unstubAllEnvs();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, answer: PreparedAnswer): void {
  if (answer === 'hang') return;
  if (answer === 'cut') {
    response.socket?.destroy();
    return;
  }
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  response.end(answer.body ?? '{}');
}

/** An answer in JSON, with status 200 unless told otherwise. */
export const jsonAnswer = (
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): PreparedAnswer => ({
  status,
  headers,
  body: JSON.stringify(body),
});

/** An AWS error of the JSON protocols. */
export const errorAnswer = (status: number, type: string, message: string): PreparedAnswer =>
  jsonAnswer({ __type: type, message }, status, { 'x-amzn-errortype': type });
