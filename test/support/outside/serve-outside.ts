import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type ManualClock, manualClock } from '../../../local/clock.ts';
import { type Outside, startOutside } from '../../../local/outside/outside.ts';
import { START_MS } from '../aws/aws.ts';

export type Answered = {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else its text. */
  readonly body: unknown;
};

export type OutsideFixture = {
  readonly outside: () => Outside;
  readonly clock: ManualClock;
  /** Moves the world's clock on. */
  wait(seconds: number): Promise<void>;
  /** A call by this process' own `fetch`, through the proxy and real TLS, ended by five seconds. */
  call(url: string, init?: RequestInit): Promise<Answered>;
  post(url: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  form(url: string, fields: Readonly<Record<string, string>>): Promise<Answered>;
};

/** The world outside on a manual clock, for the length of the test file. */
export function serveOutside(): OutsideFixture {
  const clock = manualClock(START_MS);
  const authorities = getCACertificates('default');
  let started: Outside | undefined;
  let directory = '';
  let restore = (): void => {};
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'outside-'));
    started = await startOutside({ nowMs: clock.nowMs, directory });
    const { proxyUrl, authorityPath } = started.wayFor('test');
    setDefaultCACertificates([...authorities, await readFile(authorityPath, 'utf8')]);
    restore = http.setGlobalProxyFromEnv({ HTTPS_PROXY: proxyUrl });
  });
  afterEach(() => started?.faults.clear());
  afterAll(async () => {
    restore();
    setDefaultCACertificates(authorities);
    await started?.close();
    await rm(directory, { recursive: true, force: true });
  });
  const call: OutsideFixture['call'] = async (url, init = {}) => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'manual', ...init });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  };
  return {
    clock,
    call,
    outside: () => {
      if (started === undefined) throw new Error('the world outside starts in beforeAll');
      return started;
    },
    wait: (seconds) => clock.advanceTo(clock.nowMs() + seconds * 1000),
    post: (url, body, headers = {}) =>
      call(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    form: (url, fields) => call(url, { method: 'POST', body: new URLSearchParams(fields) }),
  };
}
