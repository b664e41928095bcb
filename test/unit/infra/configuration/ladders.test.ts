import { expect, test } from 'vitest';
import { judge, mistakesOf, smallFile } from '../../../support/configuration.ts';

const ladder = (severity: string, ...rungs: readonly string[]) =>
  smallFile({}, `policy: { escalation: { ${severity}: [${rungs.map((rung) => `{ ${rung} }`).join(', ')}] } }\n`);

test.each<[what: string, file: string, mistakes: readonly string[]]>([
  [
    'a rung of before that called a level',
    ladder('critical', 'afterMinutes: 60, to: management'),
    [
      '10 policy.escalation.critical[0].to: is written level now: a rung raises to a severity, calls a level, or endpoints',
    ],
  ],
  [
    'a rung of before that raised',
    ladder('warning', 'afterMinutes: 15, to: critical'),
    [
      '10 policy.escalation.warning[0].to: is written raisesTo now: a rung raises to a severity, calls a level, or endpoints',
    ],
  ],
  [
    'a rung that calls nobody',
    ladder('critical', 'afterMinutes: 60'),
    ['10 policy.escalation.critical[0]: calls nobody: must have raisesTo, level or endpoints'],
  ],
  [
    'a rung of no endpoints',
    ladder('critical', 'afterMinutes: 60, endpoints: []'),
    ['10 policy.escalation.critical[0].endpoints: must be at least 1 items'],
  ],
  [
    'a level that the contacts do not have',
    ladder('critical', 'afterMinutes: 60, level: vendor'),
    ['10 policy.escalation.critical[0].level: must be one of: management, executives'],
  ],
  [
    'a rung before the one above it',
    ladder('emergency', 'afterMinutes: 60, level: management', 'afterMinutes: 59, level: executives'),
    ['10 policy.escalation.emergency[1]: comes before the rung above it'],
  ],
  [
    'a rung that raises to what it is',
    ladder('critical', 'afterMinutes: 5, raisesTo: critical'),
    ['10 policy.escalation.critical[0].raisesTo: raises nothing: it is critical by then'],
  ],
  [
    'a rung that raises to what the one before it raised to, or less',
    ladder('warning', 'afterMinutes: 5, raisesTo: emergency', 'afterMinutes: 9, raisesTo: critical'),
    ['10 policy.escalation.warning[1].raisesTo: raises nothing: it is emergency by then'],
  ],
  [
    'a rung of nothing worse than the worst',
    ladder('emergency', 'afterMinutes: 5, raisesTo: emergency'),
    ['10 policy.escalation.emergency[0].raisesTo: raises nothing: it is emergency by then'],
  ],
])('%s is refused', (_what, file, mistakes) => {
  expect(mistakesOf(file)).toEqual(mistakes);
});

test('a ladder replaces the preset’s of its severity as a whole, and leaves the others', () => {
  const { configuration } = judge(
    ladder('critical', 'afterMinutes: 0, level: executives', 'afterMinutes: 0, level: management'),
  );
  expect(configuration?.policy.escalation).toEqual({
    emergency: [
      { afterMinutes: 60, level: 'management' },
      { afterMinutes: 120, level: 'executives' },
    ],
    critical: [
      { afterMinutes: 0, level: 'executives' },
      { afterMinutes: 0, level: 'management' },
    ],
    warning: [
      { afterMinutes: 15, raisesTo: 'critical' },
      { afterMinutes: 30, raisesTo: 'emergency' },
    ],
  });
});
