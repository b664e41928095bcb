import { expect, test } from 'vitest';
import {
  planLook,
  planLookTime,
  planSecondLook,
} from '../../../../../../functions/health/cluster-health/core/questions.ts';
import { functionDefinitions } from '../../../../../../infra/functions.ts';
import { clusterView, healthExpectation, known } from '../../../../../support/health/builders.ts';

const nodes = known([1, 2, 3]);

test('a broker gets the time of the policy, and twice as much in the second look, which tells late from dead', () => {
  const first = planLook('light', nodes, healthExpectation({ brokerAnswerTimeoutMs: 3_000 }));
  expect(first.answerTimeoutMs).toBe(3_000);
  const view = known(clusterView({ absentBrokerIds: [3] }));
  expect(planSecondLook(view, first)?.answerTimeoutMs).toBe(6_000);
});

test('two looks that hang until they are given up leave 15 s to tell, also after a slow API', () => {
  const { timeoutSeconds = 0 } = functionDefinitions.find(({ slug }) => slug === 'cluster-health') ?? {};
  const atStartMs = timeoutSeconds * 1000 - 1_000;
  for (const slowApiMs of [0, 15_000]) {
    const first = planLookTime(atStartMs - slowApiMs);
    const afterFirstMs = atStartMs - slowApiMs - first.patienceMs;
    const second = planLookTime(afterFirstMs);
    expect(afterFirstMs - second.patienceMs).toBeGreaterThanOrEqual(15_000);
    expect(second.withinMs).toBeGreaterThanOrEqual(10_000);
  }
});

test('a look always ends within the time of the function that takes it', () => {
  const { timeoutSeconds = 0 } = functionDefinitions.find(({ slug }) => slug === 'kafka-read') ?? {};
  expect(planLookTime(900_000).patienceMs).toBeLessThanOrEqual(timeoutSeconds * 1000);
});
