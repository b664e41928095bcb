import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventOf } from '../../../../../functions/capacity/storage-scaling/bus.ts';
import { announceIncident } from '../../../../../functions/capacity/storage-scaling/core/announcements.ts';
import {
  type CutCandidate,
  describeRetentionCut,
  planRetentionCut,
} from '../../../../../functions/capacity/storage-scaling/core/retention-cut.ts';
import { spokenOf } from '../../../../../functions/capacity/storage-scaling/core/spoken.ts';
import type { Finding } from '../../../../../shared/core/finding.ts';
import { hourMs } from '../../../../../shared/core/units.ts';
import { namesIn } from '../../../../../shared/text/names.ts';
import { redactRecord } from '../../../../../shared/text/redaction.ts';
import { cases } from '../../../../support/depth.ts';
import { kafkaName } from '../../../../support/names.ts';
import { noonMs } from '../../../../support/storage-scaling/storage-scaling.ts';

const speaker = { cluster: 'orders', procedure: 'storage-scaling', runId: 'run-1' };
const incident: Finding = {
  check: 'storage-capacity',
  subject: 'broker 2',
  severity: 'critical',
  reason: 'at-maximum',
  message: 'It fills.',
  sources: ['cloudwatch', 'msk'],
  evidence: { usedPercent: 95 },
};
const candidateOf = (topic: string): CutCandidate => ({
  topic,
  shareOfDisk: 0.3,
  recordCount: 1_000,
  retentionMs: 168 * hourMs,
  bytesPerPartition: 1_000_000,
  isCompacted: false,
  isBound: true,
  isCritical: false,
});

test('a retention cut is proposed with its topics by the letter, as a person types it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(kafkaName, { minLength: 1, maxLength: 3 }), (topics) => {
      const proposal = describeRetentionCut(planRetentionCut(topics.map(candidateOf), 400, 400), 400);
      const spoken = spokenOf(announceIncident(incident, proposal), 'key', new Map(), false, noonMs);
      const details = spoken.map((one) => eventOf(speaker, noonMs, one).detail);
      for (const detail of details) expect(redactRecord(detail)).toEqual(detail);
      for (const topic of topics) {
        expect(JSON.stringify(details)).toContain(`--entity-name ${topic} --add-config retention.ms=302400000`);
        expect(namesIn(details)).toContain(topic);
      }
    }),
    cases(200, 5_000),
  );
});
