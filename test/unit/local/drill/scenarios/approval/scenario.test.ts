import { describe, expect, test } from 'vitest';
import { expectAudited } from '../../../../../../local/drill/scenarios/approval/approved.ts';
import { type Cast, expectAsked, expectUntouched } from '../../../../../../local/drill/scenarios/approval/cast.ts';
import { expectVoid } from '../../../../../../local/drill/scenarios/approval/void-answers.ts';
import { type ApprovalDocument, encodeApproval } from '../../../../../../shared/durable/approval.ts';
import { digestOfAnswer, documentOf } from '../../../../../../shared/durable/approval-digest.ts';
import { stageOn } from '../../../../../support/drill/stage.ts';
import { drillWorld } from '../../../../../support/drill/world.ts';
import { approvalRequest } from '../../../../../support/durable/request.ts';

const bob = 'arn:aws:sts::111122223333:assumed-role/on-call/bob';
const plan = {
  action: 'expand',
  reason: 'above-threshold',
  message: 'Volumes grow from 50 to 150 GiB.',
  evidence: { toGiB: 150 },
};
const requestOf = (look: number): ApprovalDocument => {
  const id = `drill-storage-scaling-2-${look}`;
  const requestedAtMs = Date.UTC(2026, 0, 14, 12, look);
  return documentOf(approvalRequest({ id, plan, requestedAtMs }), `callback-${look}`);
};
const call = { service: 'kafka', operation: 'UpdateBrokerStorage', outcome: 'ok', roleName: 'run', requestId: 'r' };

type Told = {
  readonly requests?: readonly ApprovalDocument[];
  readonly words?: readonly string[];
  readonly calls?: readonly object[];
  readonly volumeGiB?: number;
  readonly audit?: readonly object[];
};

/** An account as it stands when a part of the drill looks at it; `more` adds to it while the drill goes on. */
const castOf = (told: Told) => {
  const versions = new Map<string, readonly object[]>();
  const inbox: object[] = [];
  const calls: object[] = [];
  const store = (key: string, value: unknown) =>
    versions.set(key, [{ body: new TextEncoder().encode(JSON.stringify(value)), isDeleteMarker: false }]);
  const more = (added: Told): void => {
    for (const each of added.requests ?? []) store(`approvals/drill/${each.id}.json`, encodeApproval(each));
    for (const [index, each] of (added.audit ?? []).entries()) store(`audit/drill/storage-scaling/${index}.json`, each);
    const mail = {
      protocol: 'email',
      endpoint: 'team@example.com',
      atMs: 1_000_000,
      subject: '[WARNING] drill: storage',
    };
    inbox.push(...(added.words ?? []).map((message) => ({ ...mail, message })));
    calls.push(...(added.calls ?? []));
  };
  more(told);
  const account = Object.assign(
    drillWorld({
      world: { calls: { all: calls } },
      s3: { bucket: () => ({ versions }) },
      sns: { inbox, undelivered: [] },
      msk: { cluster: () => ({ volumeGiB: told.volumeGiB ?? 50 }) },
      lambda: { functions: new Map([['f', { latest: { variables: { MSKEEPER_BUCKET: 'b' } } }]]) },
    }),
    { cluster: { arn: 'arn:cluster' }, diskSamples: [] },
  );
  const { stage, unmet } = stageOn(account);
  // A boundary of the test: what is not there is not touched by what is tested.
  const cast = { stage, account, people: { approver: { arn: bob } } } as unknown as Cast;
  return { cast, more, unmet };
};

describe('people are asked', () => {
  const [first, second, third] = [requestOf(1), requestOf(2), requestOf(3)];
  const wordsFor = (request: ApprovalDocument) => `Waits for approval: approve drill ${request.id} and, to refuse …`;
  const asked = (told: Told) => {
    const { cast, unmet } = castOf(told);
    const wanted = { seen: 1, sinceMs: 0, saying: /Waits for approval/ };
    return expectAsked(cast, 'asked', wanted).then((request) => ({ request, unmet: unmet() }));
  };

  test('by the one request beyond those that were seen, and by the word that names it', async () => {
    const told = { requests: [second, first], words: [wordsFor(first), wordsFor(second)] };
    expect(await asked(told)).toEqual({ request: second, unmet: [] });
  });

  test.each<[string, Told]>([
    ['there is no other request', { requests: [first], words: [wordsFor(first)] }],
    ['there are two', { requests: [first, second, third], words: [wordsFor(second)] }],
    ['nobody is told', { requests: [first, second], words: [wordsFor(first)] }],
    ['it is told in other words', { requests: [first, second], words: [`look at ${second.id}`] }],
  ])('not where %s', async (_name, told) => {
    expect(await asked(told)).toEqual({ request: undefined, unmet: ['asked'] });
  });
});

test.each<[string, Told, number]>([
  ['nothing was called', {}, 0],
  ['a call was taken', { calls: [call] }, 1],
  ['a call was refused', { calls: [{ ...call, outcome: 'BadRequestException' }] }, 1],
  ['the volumes have another size', { volumeGiB: 900 }, 1],
])('the cluster is untouched, or not: %s', (_name, told, count) => {
  const { cast, unmet } = castOf(told);
  expectUntouched(cast, 'untouched');
  expect(unmet()).toHaveLength(count);
});

describe('an answer that counts for nothing', () => {
  const [first, second] = [requestOf(1), requestOf(2)];
  const words = `counted for nothing. Asked anew: approve drill ${second.id}`;
  const attempted = async (reaction: Told) => {
    const { cast, more, unmet } = castOf({ requests: [first] });
    const attempt = {
      name: 'a yes',
      label: 'says yes',
      saying: /counted for nothing/,
      answer: async () => more(reaction),
    };
    return { standing: await expectVoid(cast, first, [attempt]), unmet: unmet() };
  };

  test('leads to another request, and to nothing else', async () => {
    expect(await attempted({ requests: [second], words: [words] })).toEqual({ standing: second, unmet: [] });
  });

  test.each<[string, Told, string]>([
    ['people are not told', { requests: [second] }, 'a yes: people are told'],
    ['nobody is asked anew', { words: [words] }, 'a yes: people are told'],
    ['something is called', { requests: [second], words: [words], calls: [call] }, 'and nothing is called for it'],
  ])('is found wanting where %s', async (_name, reaction, sentence) => {
    const { unmet } = await attempted(reaction);
    expect(unmet).toHaveLength(1);
    expect(unmet[0]).toContain(sentence);
  });
});

describe('the audit', () => {
  const request = requestOf(5);
  const comment = 'as agreed in the morning';
  const digest = digestOfAnswer(request, { decision: 'approved', comment });
  const no = {
    approval: { by: bob, isProven: true, isRefused: true, comment: 'not before the release' },
    end: { decision: 'stopped' },
  };
  const yes = {
    approval: { by: bob, isProven: true, comment, digest },
    target: { toGiB: 150 },
    end: { decision: 'acted' },
  };
  const audited = async (audit: readonly object[]) => {
    const { cast, unmet } = castOf({ audit });
    await expectAudited(cast, request);
    return unmet();
  };

  test('is whole with one no and one yes', async () => {
    expect(await audited([no, yes])).toEqual([]);
  });

  const withApproval = (more: object) => ({ ...yes, approval: { ...yes.approval, ...more } });
  test.each<[string, readonly object[], string]>([
    ['there is no no', [yes], 'keeps the no'],
    ['the no has no reason', [{ ...no, approval: { ...no.approval, comment: undefined } }, yes], 'keeps the no'],
    ['somebody else said yes', [no, withApproval({ by: `${bob}2` })], 'keeps the yes'],
    ['nobody proved the yes', [no, withApproval({ isProven: false })], 'keeps the yes'],
    ['the yes was to something else', [no, withApproval({ digest: 'other' })], 'keeps the yes'],
    ['the comment is lost', [no, withApproval({ comment: undefined })], 'keeps the yes'],
    ['another size was asked of MSK', [no, { ...yes, target: { toGiB: 900 } }], 'keeps the yes'],
    ['nothing was done', [no, { ...yes, end: { decision: 'stopped' } }], 'keeps the yes'],
    ['somebody decided besides', [no, yes, withApproval({ by: 'arn:alice' })], 'no other decision'],
  ])('is found wanting where %s', async (_name, audit, sentence) => {
    const unmet = await audited(audit);
    expect(unmet).toHaveLength(1);
    expect(unmet[0]).toContain(sentence);
  });
});
