import http from 'node:http';

/** The world itself, its brokers and whatever else a test runs on this machine. */
const direct = 'localhost,127.0.0.1,[::1]';

/**
 * Leads `fetch` to https addresses through a proxy. Not before the first call: Node's NODE_USE_ENV_PROXY does the same, but costs
 * each process 16 MB and 40 ms of processor time, whether it fetches or not. What opens its sockets itself, as the AWS
 * SDK and Kafka clients do, is left alone.
 *
 * @param proxyUrl an address where nothing listens makes everything unreachable
 */
export function leadOutside(proxyUrl: string): void {
  const fetchBefore = globalThis.fetch;
  let isLed = false;
  globalThis.fetch = async (input, init) => {
    if (!isLed) {
      if (typeof http.setGlobalProxyFromEnv !== 'function')
        throw new Error(`the local world needs Node 24.14 or newer for calls outside; this is ${process.version}`);
      http.setGlobalProxyFromEnv({ HTTPS_PROXY: proxyUrl, NO_PROXY: direct });
      isLed = true;
    }
    try {
      return await fetchBefore(input, init);
    } catch (error) {
      throw asWithoutProxy(error, input);
    }
  };
}

/** What a function would see that calls the host itself: there is no proxy on Lambda. */
function asWithoutProxy(error: unknown, input: Parameters<typeof fetch>[0]): unknown {
  const [, status] = /Proxy response \((\d+)\)/.exec(innermostMessage(error)) ?? [];
  if (status === undefined) return error;
  const { hostname } = new URL(input instanceof Request ? input.url : input);
  const cause =
    status === '404'
      ? Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), {
          code: 'ENOTFOUND',
          syscall: 'getaddrinfo',
          hostname,
        })
      : Object.assign(new Error(`connect ECONNREFUSED ${hostname}:443`), {
          code: 'ECONNREFUSED',
          syscall: 'connect',
          port: 443,
        });
  return new TypeError('fetch failed', { cause });
}

function innermostMessage(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return error.cause === undefined ? error.message : innermostMessage(error.cause);
}
