import { expect, test } from 'vitest';
import { functionDefinitions } from '../../../../../infra/functions.ts';
import { operationOf } from '../../../../../shared/deployment/operations.ts';
import {
  clusterArn,
  findingsOf,
  fullCheck,
  type Outcome,
  usePackagedStack,
} from '../../../../support/aws/packaged-stack.ts';

const stack = usePackagedStack();
/** Nobody listens on the discard port, and the arm lets no address of this machine through: it is asked all the same. */
const unreachable = { address: '127.0.0.1:9', isBootstrapFromMsk: true };

/** Each API operation that cluster-health declares, as it is signed. */
const declared = [
  ...new Set(
    functionDefinitions
      .filter(({ slug }) => slug === 'cluster-health')
      .flatMap(({ calls }) => Object.keys(calls))
      .flatMap((name) => operationOf(name).signedAs ?? []),
  ),
];

/** A run that cannot remember, keep or tell what it found ends as failed, which Lambda's own alarm is about. */
const endsTheRun = /^(?:s3|events|sns):/;

const pagesIn = ({ report }: Outcome): readonly string[] =>
  findingsOf(report)
    .filter(({ severity }) => severity === 'critical' || severity === 'emergency')
    .map(({ check, subject }) => `${check} ${subject}`);

test('cluster-health declares what is denied here', () => {
  expect(declared.length).toBeGreaterThan(8);
});

/** A cluster that MSK calls failed, so that there is something to tell. */
const openFailing = async () => {
  const opened = await stack.open(unreachable);
  opened.standIn.msk.setState(clusterArn, 'FAILED');
  return opened;
};
let usual: readonly string[] | undefined;

test.each(declared)(
  'where its role may not %s, nothing is called critical for it, nothing well, and the call is named',
  async (call) => {
    usual ??= pagesIn(await (await openFailing()).check(fullCheck));
    const known = usual;
    const { standIn, check } = await openFailing();
    const roleName = 'mskeeper-trial-cluster-health-eu-west-1';
    standIn.world.faults.inject({ operation: call, fault: 'deny', roleName });
    const outcome = await check(fullCheck);
    const wasAsked = standIn.world.calls.all.some(({ outcome: end }) => end === 'fault:deny');
    expect(wasAsked, 'a declared call is made by a run that finds something').toBe(true);
    expect(pagesIn(outcome).filter((page) => !known.includes(page))).toEqual([]);
    const [, operation = ''] = call.split(':');
    if (outcome.report === undefined) {
      expect(call).toMatch(endsTheRun);
      expect(outcome.errorType).toBe('DependencyError');
      expect(outcome.errorMessage).toContain(operation);
      return;
    }
    expect(outcome.report.worst).not.toBe('ok');
    expect(JSON.stringify(outcome.report)).toContain(operation);
  },
);
