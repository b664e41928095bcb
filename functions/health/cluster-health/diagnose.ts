import { type Diagnosis, diagnosisBytes } from '../../../shared/core/diagnosis.ts';
import { toJson } from '../../../shared/text/json.ts';
import { redactRecord } from '../../../shared/text/redaction.ts';
import { utf8Bytes } from '../../../shared/text/utf8.ts';
import { bareRoom, generousRooms, planDiagnosis } from './core/diagnosis.ts';
import type { HealthVerdict } from './core/report.ts';
import type { Suffering } from './core/suffering.ts';

/** What redaction may add: each secret becomes a mark, which may be longer. */
const marksBytes = 2 * 1024;

/**
 * The diagnosis of a run with as much as fits into an event.
 *
 * @returns `diagnosisBytes` of JSON at most, with its secrets and without
 */
export function diagnose(verdict: HealthVerdict, suffering: Suffering | undefined): Diagnosis {
  for (const room of generousRooms) {
    const diagnosis = planDiagnosis(verdict, suffering, room);
    if (isFitting(diagnosis)) return diagnosis;
  }
  return planDiagnosis(verdict, suffering, bareRoom);
}

const isFitting = (diagnosis: Diagnosis): boolean =>
  [diagnosis, redactRecord(diagnosis)].every((one) => utf8Bytes(toJson(one)) <= diagnosisBytes - marksBytes);
