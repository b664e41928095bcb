import { expect, test } from 'vitest';
import { mistakesOf, smallFile } from '../../../support/configuration.ts';

test.each<[name: string, text: string, mistake: string]>([
  [
    'an unknown preset',
    smallFile({}, 'policy: { preset: mine }\n'),
    '10 policy.preset: must be one of: msk-operations',
  ],
  [
    'a warning above the critical level',
    smallFile({}, 'policy:\n  limits:\n    diskUsedPercent: { warning: 90 }\n'),
    '12 policy.limits.diskUsedPercent.critical: must be at least the warning of 90',
  ],
  [
    'a floor the wrong way round',
    smallFile({}, 'policy: { floors: { availabilityPercent: { warning: 99, critical: 99.9 } } }\n'),
    '10 policy.floors.availabilityPercent.critical: must be at most the warning of 99',
  ],
  [
    'a level that a worse one always hides',
    smallFile({}, 'policy: { limits: { cpuUsedPercent: { warning: 90, critical: 90 } } }\n'),
    '10 policy.limits.cpuUsedPercent.critical: equals warning and is reached no later',
  ],
  [
    'minutes without a level',
    smallFile({}, 'policy: { limits: { gcCount: { warning: 1, criticalForMinutes: 5 } } }\n'),
    '10 policy.limits.gcCount.criticalForMinutes: has no critical to go with',
  ],
  [
    'a rule without a level',
    smallFile({}, 'policy: { limits: { gcCount: {} } }\n'),
    '10 policy.limits.gcCount: has no level: name one, or off',
  ],
  [
    'more than all of a disk',
    smallFile({}, 'policy: { limits: { diskUsedPercent: { critical: 120 } } }\n'),
    '10 policy.limits.diskUsedPercent.critical: must be at most 100',
  ],
  [
    'a negative limit',
    smallFile({}, 'policy: { limits: { lagSeconds: { warning: -1 } } }\n'),
    '10 policy.limits.lagSeconds.warning: must be at least 0',
  ],
  [
    'a limit that is no number',
    smallFile({}, 'policy: { limits: { lagSeconds: { warning: 5 min } } }\n'),
    '10 policy.limits.lagSeconds.warning: must be a number, is a string',
  ],
  [
    'a limit that is a word',
    smallFile({}, 'policy: { limits: { lagSeconds: of } }\n'),
    '10 policy.limits.lagSeconds: must be a map, or off; did you mean "off"?',
  ],
  [
    'milder faults answered sooner',
    smallFile({}, 'policy: { responseMinutes: { emergency: 30 } }\n'),
    '10 policy.responseMinutes: must not grow shorter for what is milder',
  ],
  [
    'a ladder out of order',
    smallFile(
      {},
      'policy: { escalation: { warning: [{ afterMinutes: 30, raisesTo: critical }, { afterMinutes: 15, raisesTo: emergency }] } }\n',
    ),
    '10 policy.escalation.warning[1]: comes before the rung above it',
  ],
])('%s is refused with its line and path', (_name, text, mistake) => {
  const mistakes = mistakesOf(text);
  expect(mistakes).toEqual([expect.stringContaining(mistake)]);
});
