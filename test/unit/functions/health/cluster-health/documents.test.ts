import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claimDocument, encodeClaim } from '../../../../../functions/health/cluster-health/claim-document.ts';
import { freeClaim } from '../../../../../functions/health/cluster-health/core/claim.ts';
import {
  decodeState,
  encodeState,
  stateDocument,
} from '../../../../../functions/health/cluster-health/memory-document.ts';
import { redactValue, verbatim } from '../../../../../shared/text/redaction.ts';
import { healthState, noonMs } from '../../../../support/health/builders.ts';
import { kafkaName } from '../../../../support/names.ts';

const topic = kafkaName;
const group = fc.oneof(topic, fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }));
/** As the store writes it, and another run reads it. */
const kept = (document: object): unknown => JSON.parse(JSON.stringify(redactValue(document)));

test('the memory keeps any topic, group and alarm by the letter', () => {
  fc.assert(
    fc.property(topic, group, (topicName, groupId) => {
      const open = { severity: 'critical', reason: 'missing', sinceMs: 5 } as const;
      const key = `critical-topic|topic ${topicName}`;
      const state = healthState({
        openByKey: { [key]: open, [`lag|group ${groupId}`]: open },
        unknownStreaks: { [`dead-letter|topic ${topicName}`]: 2 },
        offsetsByTopic: { [topicName]: { atMs: noonMs, latestByPartition: { 0: '7' } } },
        openAlarms: { [`mskeeper-orders-lag-${groupId}/${topicName}`]: { rule: 'lag', wokenAtMs: noonMs } },
        announcing: { atMs: noonMs, openBefore: [[key], [`lag|group ${groupId}`, open]] },
      });
      expect(decodeState(stateDocument.parse(kept(verbatim(encodeState(state)))))).toEqual(state);
    }),
  );
});

test('the claim of a look keeps the alarms that wait by the letter', () => {
  fc.assert(
    fc.property(topic, group, (topicName, groupId) => {
      const alarmName = `mskeeper-orders-lag-${groupId}/${topicName}`;
      const wakes = [{ alarmName, rule: 'lag', changedAtMs: noonMs, eventId: 'event-1' }];
      const claim = { ...freeClaim, waiting: { wakes, beyondCount: 0, beyondRules: [] } };
      expect(claimDocument.parse(kept(encodeClaim(claim)))).toEqual(claim);
    }),
  );
});
