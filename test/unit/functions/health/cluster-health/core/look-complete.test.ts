import { describe, expect, test } from 'vitest';
import { evaluateLookProblems } from '../../../../../../functions/health/cluster-health/core/look-complete.ts';
import type { ClusterView, ViewProblem } from '../../../../../../shared/core/cluster-view.ts';
import {
  brokerView,
  clusterView,
  problem,
  silentBroker,
  topicView,
  witnessView,
} from '../../../../../support/health/builders.ts';

const denied: ViewProblem = { kind: 'denied', code: 31, message: 'CLUSTER_AUTHORIZATION_FAILED' };
const judge = (more: Partial<ClusterView>) => evaluateLookProblems(clusterView(more), 0);
const frame = { check: 'look-complete', subject: 'cluster', sources: ['brokers'] };

test('a look of which every question was answered says so', () => {
  expect(judge({})).toEqual({
    findings: [
      {
        ...frame,
        severity: 'ok',
        reason: 'complete',
        message: 'Brokers answered every question.',
        evidence: {},
      },
    ],
    notJudged: [],
  });
});

const group = {
  groupId: 'a',
  coordinatorId: 1,
  protocol: 'classic',
  protocolType: '',
  state: '',
  members: [],
} as const;

describe('F1 a question that was not answered makes a look incomplete', () => {
  test.each<[string, Partial<ClusterView>, string]>([
    ['the controller', { controller: { toldBy: 'quorum', problem: denied } }, 'the controller (denied)'],
    [
      'log directories',
      { brokers: [brokerView(1, { logDirectoriesProblem: denied }), brokerView(2)] },
      'log directories of broker 1 (denied)',
    ],
    ['reassignments', { reassignmentsProblem: denied }, 'reassignments (denied)'],
    ['a topic by its name', { unlistedTopics: [{ name: 'orders', problem: denied }] }, 'topic orders (denied)'],
    ['a topic of the list', { topics: [topicView('odd', [], { problem: denied })] }, 'topic odd (denied)'],
    [
      'settings',
      { topics: [topicView('orders', undefined, { settingsProblem: denied })] },
      'settings of topic orders (denied)',
    ],
    [
      'descriptions of groups, which are counted and never named',
      { groups: [{ ...group, problem: denied }, { ...group, groupId: 'b', problem: problem('timed-out') }, group] },
      'descriptions of 2 groups (denied)',
    ],
  ])('%s', (_name, more, words) => {
    expect(judge(more)).toEqual({
      findings: [
        {
          ...frame,
          severity: 'unknown',
          reason: 'denied',
          message: `Brokers did not answer every question: ${words}. The first said: CLUSTER_AUTHORIZATION_FAILED`,
          evidence: { unansweredCount: 1 },
        },
      ],
      notJudged: [],
    });
  });

  test('several are counted, in an order that does not depend on the answers', () => {
    const topics = ['b', 'a'].map((name) =>
      topicView(name, [], { problem: problem('timed-out', `no word of ${name}`) }),
    );
    const [one] = judge({ topics, reassignmentsProblem: problem('timed-out') }).findings;
    expect(one).toMatchObject({ reason: 'not-all-answered', evidence: { unansweredCount: 3 } });
    expect(one?.message).toBe(
      'Brokers did not answer every question: reassignments (timed-out), topic a (timed-out), topic b (timed-out). The first said: as the test has it',
    );
    const mixed = judge({ topics, reassignmentsProblem: denied }).findings;
    expect(mixed).toMatchObject([{ reason: 'denied' }]);
  });
});

test.each<[string, Partial<ClusterView>]>([
  [
    'that brokers of that version cannot be asked',
    { controller: { toldBy: 'quorum', problem: problem('unsupported') } },
  ],
  [
    'of a topic that is not there',
    { unlistedTopics: [{ name: 'x', problem: { kind: 'kafka-error', code: 3, message: 'UNKNOWN' } }] },
  ],
  [
    'of a broker that is silent, which is told as that',
    { brokers: [brokerView(1), { ...silentBroker(2), logDirectoriesProblem: problem('timed-out') }] },
  ],
])('a question %s is none', (_name, more) => {
  expect(judge(more).findings).toMatchObject([{ severity: 'ok', reason: 'complete' }]);
});

test('where no broker answered nothing is called complete', () => {
  expect(judge({ brokers: [silentBroker(1)], witnesses: [witnessView(1)] })).toEqual({
    findings: [],
    notJudged: [{ check: 'look-complete', reason: 'no broker answered' }],
  });
});

test('whole answers that failed are told each by itself, and single questions are not told beside them', () => {
  const problems = [
    { what: 'groups', brokerId: 2, problem: problem('timed-out') },
    { what: 'settings', problem: problem('too-large') },
  ] as const;
  expect(judge({ problems, reassignmentsProblem: denied }).findings).toMatchObject([
    { subject: 'groups of broker 2', severity: 'unknown', reason: 'timed-out' },
    { subject: 'settings 2', severity: 'unknown', reason: 'too-large' },
  ]);
});
