import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOutsideCallLog, type OutsideCallLog } from './call-log.ts';
import { makeAuthority } from './certificates/authority.ts';
import { exchange } from './exchange.ts';
import { createOutsideFaults, type OutsideFaults } from './faults.ts';
import type { OutsideHost } from './host.ts';
import { createPagerDuty, type PagerDuty } from './pagerduty/pagerduty.ts';
import { startProxy } from './proxy.ts';
import { createSlack, type Slack } from './slack/slack.ts';

/** What the account reaches that is not AWS: hosts with names and certificates of their own, on this machine. */
export type Outside = {
  readonly pagerDuty: PagerDuty;
  readonly slack: Slack;
  readonly calls: OutsideCallLog;
  readonly faults: OutsideFaults;
  /** A host of a test's own, `watch.example.org`. @returns takes it back @throws Error for a name that is taken, or is none */
  addHost(name: string, host: OutsideHost): () => void;
  /** How a process gets there. @param caller whose name the call log says */
  wayFor(caller: string): WayOutside;
  /** Cuts every connection and closes the port. */
  close(): Promise<void>;
};

/** The address of a proxy for CONNECT, and the file of an authority to trust. */
type WayOutside = { readonly proxyUrl: string; readonly authorityPath: string };

/** What a CONNECT is answered by that is no connection; the runtime reads from it which error a function sees. */
const noSuchHost = 404;
const unreachable = 503;

/** @param options.directory where the authority's certificate is put, a folder of the world's own */
export async function startOutside({
  nowMs,
  directory,
}: {
  readonly nowMs: () => number;
  readonly directory: string;
}): Promise<Outside> {
  const { pagerDuty, hosts: pagerDutyHosts } = createPagerDuty(nowMs);
  const { slack, hosts: slackHosts } = createSlack();
  const hosts = new Map([...pagerDutyHosts, ...slackHosts]);
  const calls = createOutsideCallLog();
  const faults = createOutsideFaults();
  const authority = makeAuthority();
  const refuse = (host: string, caller: string | undefined, status: number, outcome: string): number => {
    calls.record({ atMs: nowMs(), caller, host, method: 'CONNECT', path: '', status, outcome, durationMs: 0 });
    return status;
  };
  const proxy = await startProxy({
    authority,
    nowMs,
    admit(host, port, caller) {
      if (!hosts.has(host) || port !== '443') return refuse(host, caller, noSuchHost, 'no-such-host');
      const taken = faults.take(host, undefined);
      return taken === undefined ? 200 : refuse(host, caller, unreachable, `fault:${taken.fault}`);
    },
    reply: exchange({ calls, faults, hostOf: (name) => hosts.get(name) }),
  });
  const authorityPath = join(directory, `outside-authority-${proxy.port}.pem`);
  await mkdir(directory, { recursive: true });
  await writeFile(authorityPath, authority.certificate);
  return {
    pagerDuty,
    slack,
    calls,
    faults,
    addHost(name, host) {
      if (!/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]+$/.test(name)) throw new Error(`${name} names no host`);
      if (hosts.has(name)) throw new Error(`the world outside has a host ${name} already`);
      hosts.set(name, host);
      return () => void hosts.delete(name);
    },
    wayFor: (caller) => ({
      // Node's fetch names a proxy's user only beside a password.
      proxyUrl: `http://${encodeURIComponent(caller)}:none@127.0.0.1:${proxy.port}`,
      authorityPath,
    }),
    close: proxy.close,
  };
}
