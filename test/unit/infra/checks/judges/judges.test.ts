import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptedFindings } from '../../../../../infra/checks/judges/accepted.ts';
import { compareFindings, type JudgeFinding, variants } from '../../../../../infra/checks/judges/finding.ts';
import { plantedFindings, plantedResources } from '../../../../../infra/checks/judges/planted.ts';
import { policiesOf, resolvePolicy } from '../../../../../infra/checks/judges/policies.ts';
import { projectRoot } from '../../../../../infra/packaging/package-stack.ts';
import { cases } from '../../../../support/depth.ts';
import { bankSettings } from '../../../../support/stack/bank-settings.ts';
import { resourcesWith } from '../../stack/stack-under-test.ts';

const listedIn = (variant: (typeof variants)[number]): readonly JudgeFinding[] =>
  acceptedFindings
    .filter((one) => one.in.includes(variant))
    .flatMap(({ judge, check, of }) => of.map((subject) => ({ judge, check, subject })));

describe.each(variants)('what the judges find in the %s template', (variant) => {
  const listed = listedIn(variant);

  test('is accepted where it is the list, letter by letter', () => {
    expect(listed.length).toBeGreaterThan(10);
    expect(compareFindings(variant, listed, acceptedFindings)).toEqual({ unlisted: [], stale: [] });
  });

  test('fails for one that is not listed, however like a listed one it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...listed),
        fc.constantFrom<keyof JudgeFinding>('check', 'subject'),
        fc.constantFrom('X', '2', ' '),
        (one, field, more) => {
          const planted = { ...one, [field]: `${one[field]}${more}` };
          expect(compareFindings(variant, [...listed, planted], acceptedFindings)).toEqual({
            unlisted: [planted],
            stale: [],
          });
        },
      ),
      cases(50, 2_000),
    );
  });

  test('fails for one that is listed and found no more', () => {
    for (const gone of listed)
      expect(
        compareFindings(
          variant,
          listed.filter((one) => one !== gone),
          acceptedFindings,
        ),
      ).toEqual({ unlisted: [], stale: [gone] });
  });
});

test('a finding is accepted once in a variant, and each with a reason', () => {
  for (const variant of variants) {
    const keys = listedIn(variant).map((one) => JSON.stringify(one));
    expect(keys).toEqual([...new Set(keys)]);
  }
  for (const { because, of, check } of acceptedFindings) {
    expect(because.length, check).toBeGreaterThan(40);
    expect(of.length, check).toBeGreaterThan(0);
  }
});

test('a fault is planted for every judge, so that none of them may sleep', () => {
  const judges = [...new Set(acceptedFindings.map(({ judge }) => judge))].toSorted();
  expect(judges).toEqual(['cfn-lint', 'checkov', 'parliament']);
  expect([...new Set(plantedFindings.map(({ judge }) => judge))].toSorted()).toEqual(judges);
  for (const { subject } of plantedFindings)
    expect(
      Object.keys(plantedResources).some((logicalId) => subject.includes(logicalId)),
      subject,
    ).toBe(true);
  for (const planted of plantedFindings)
    for (const variant of variants)
      expect(compareFindings(variant, [...listedIn(variant), planted], acceptedFindings).unlisted).toEqual([planted]);
});

test('a bank’s own file has every setting that narrows a stack, the days of the audit among them', () => {
  const bank = readFileSync(join(projectRoot, 'infra/checks/judges/bank.yml'), 'utf8');
  expect(bank).toContain('auditRetention: { mode: governance, days: 2557 }');
  for (const setting of Object.keys(bankSettings))
    if (setting !== 'deploymentRole') expect(bank, setting).toContain(`  ${setting}:`);
});

test('what narrows a stack is seen by the judges: fewer findings are accepted under a bank’s settings', () => {
  const checks = (variant: (typeof variants)[number]) => new Set(listedIn(variant).map(({ check }) => check));
  for (const check of ['CKV_AWS_27', 'CKV_AWS_158', 'CKV_AWS_173']) {
    expect(checks('act')).toContain(check);
    expect(checks('bank')).not.toContain(check);
  }
});

test('every policy of every role goes to the judges, with an ARN in the place of each reference', () => {
  const resources = Object.fromEntries(resourcesWith({}));
  const policies = policiesOf(resources);
  const roles = Object.keys(resources).filter((logicalId) => resources[logicalId]?.Type === 'AWS::IAM::Role');
  expect(Object.keys(policies)).toEqual(roles);
  for (const [role, policy] of Object.entries(policies)) {
    expect(policy.Statement, role).not.toEqual([]);
    expect(JSON.stringify(policy), role).not.toMatch(/Fn::|"Ref"/);
  }
  expect(JSON.stringify(policies.StorageScalingRunRole)).toContain('arn:aws:s3:::bucket/audit/orders/');
  expect(Object.keys(policiesOf(plantedResources))).toEqual(['PlantedRole']);
});

test('a reference that nobody knows an ARN of stops the judging, since a policy without it would look harmless', () => {
  expect(() => resolvePolicy({ Resource: { Ref: 'Elsewhere' } }, {})).toThrow('knows no ARN of Elsewhere (undefined)');
  const resources = { One: { Type: 'AWS::SSM::Parameter', Properties: {} } };
  expect(() => resolvePolicy({ Resource: { 'Fn::GetAtt': ['One', 'Arn'] } }, resources)).toThrow('AWS::SSM::Parameter');
});
