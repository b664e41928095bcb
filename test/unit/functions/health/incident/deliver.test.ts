import { expect, test } from 'vitest';
import { nothingHeard } from '../../../../../functions/health/incident/core/advance.ts';
import { runIncident } from '../../../../../functions/health/incident/incident.ts';
import { brokerDown, nightMs } from '../../../../support/incident/builders.ts';
import { usualRules } from '../../../../support/incident/rules.ts';
import { openIncidentWorld } from '../../../../support/incident/world.ts';

/** Three faults at once, of which the pager and the chat hear; what is sent when, in the order of the calls. */
const threeFaults = async (passes: boolean) => {
  const world = openIncidentWorld(() => usualRules, nightMs);
  const ports = world.ports();
  const log: string[] = [];
  await runIncident({ ...nothingHeard, words: [1, 2, 3].map((id) => brokerDown(id)) }, () => usualRules, {
    ...ports,
    pause: async (ms) => {
      log.push(`pause ${ms}`);
      if (passes) world.nowMs += 15_000;
    },
    send: (message, page, thread) => {
      log.push(`${message.destination.lane} ${message.key}`);
      return ports.send(message, page, thread);
    },
  });
  return { log, outbox: world.document?.outbox ?? [] };
};

test('pagers hear all at once; a chat takes one a second, in the order in which they were made', async () => {
  const { log, outbox } = await threeFaults(false);
  expect(log.slice(0, 4).toSorted()).toEqual(['chat 1', 'on-call 1', 'on-call 2', 'on-call 3']);
  expect(log.slice(4)).toEqual(['pause 1100', 'chat 2', 'pause 1100', 'chat 3']);
  expect(outbox.filter(({ outcome }) => outcome !== 'delivered')).toEqual([]);
});

test('what its time is too short for waits for the next run', async () => {
  const { log, outbox } = await threeFaults(true);
  expect(log.filter((one) => one.startsWith('chat'))).toEqual(['chat 1', 'chat 2']);
  expect(outbox.filter(({ outcome }) => outcome === undefined)).toMatchObject([
    { key: '3', destination: { lane: 'chat' }, why: 'the run had no time left', tries: 1 },
  ]);
});
