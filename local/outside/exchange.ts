import type { OutsideCallLog } from './call-log.ts';
import type { OutsideFaults } from './faults.ts';
import { type OutsideAnswer, type OutsideHost, type OutsideRequest, plainRefusal } from './host.ts';

/** What the caller's connection gets: an answer, nothing for ever, or its end. */
export type Reply = OutsideAnswer | 'hang' | 'hang-up';

const garbage: OutsideAnswer = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<<< \u0000 not what was asked for {',
};

const plainOutcome = ({ status }: OutsideAnswer): string => (status < 400 ? 'ok' : String(status));

type Exchange = {
  readonly calls: OutsideCallLog;
  readonly faults: OutsideFaults;
  readonly hostOf: (name: string) => OutsideHost | undefined;
};

/** Answers one request by its host and the faults in force, and writes it down. */
export const exchange =
  ({ calls, faults, hostOf }: Exchange) =>
  async (request: OutsideRequest, caller: string | undefined): Promise<Reply> => {
    const { atMs, host: name, method, path } = request;
    const startedMs = performance.now();
    const settle = (reply: Reply, outcome: string): Reply => {
      const status = typeof reply === 'string' ? undefined : reply.status;
      calls.record({
        atMs,
        caller,
        host: name,
        method,
        path,
        status,
        outcome,
        durationMs: performance.now() - startedMs,
      });
      return reply;
    };
    const host = hostOf(name);
    // It was there when the connection was made.
    if (host === undefined) return settle('hang-up', 'no-such-host');
    const taken = faults.take(name, path);
    if (taken === undefined || taken.fault === 'lost-answer') {
      const { outcome, ...answer } = await Promise.try(() => host.answer(request)).catch((error: unknown) => {
        settle('hang-up', 'broken');
        throw error;
      });
      return taken === undefined ? settle(answer, outcome ?? plainOutcome(answer)) : settle('hang-up', 'lost');
    }
    const { fault } = taken;
    switch (fault) {
      case 'unreachable':
        return settle('hang-up', 'fault:unreachable');
      case 'hang':
        return settle('hang', 'fault:hang');
      case 'garbage':
        return settle(garbage, 'fault:garbage');
      case 'deny':
      case 'throttle':
      case 'server-error': {
        const refuse = host.refuse ?? plainRefusal;
        return settle(refuse(fault, taken.afterSeconds), `fault:${fault}`);
      }
      default:
        return fault satisfies never;
    }
  };
