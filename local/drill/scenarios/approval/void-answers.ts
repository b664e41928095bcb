import type { ApprovalDocument } from '../../../../shared/durable/approval.ts';
import { digestOfYes, forgedOf, sendAnswer, signProof, yesTo } from './answers.ts';
import { type Cast, expectAsked, expectUntouched, tell } from './cast.ts';
import { rewritten } from './judgement.ts';
import { proofsIn, requestsIn, rewriteRequest } from './requests.ts';

/** More than anybody asked for. */
const wishedGiB = 900;

/** One answer that counts for nothing. */
type Attempt = {
  /** As a subject of a sentence. */
  readonly name: string;
  readonly label: string;
  /** Why it counts for nothing, as people are told. */
  readonly saying: RegExp;
  readonly answer: (cast: Cast, request: ApprovalDocument) => Promise<void>;
};

const forged: Attempt = {
  name: 'a yes with a forged proof',
  label: 'mallory answers as bob, with a made-up secret',
  saying: /counted for nothing, since nobody knows who gave it: STS does not take the signature/,
  answer: async ({ account, people }, request) => {
    const proof = await signProof(account.standIn, forgedOf(people.approver), digestOfYes(request));
    await sendAnswer(account.standIn, people.stranger, request, yesTo(request, proof));
  },
};

const ofInitiator: Attempt = {
  name: 'a proven yes of the initiator',
  label: 'alice, who woke the run, says yes past the command',
  saying: /counted for nothing, since .*alice approved it, but may have set it going/,
  answer: async ({ stage, account, people, command }, request) => {
    const { initiator, stranger } = people;
    await stage.expectations.expect(
      'the command does not send the initiator’s yes at all',
      0,
      async () => {
        const { status, said } = await command(initiator, 'approve', account.clusterKey, request.id);
        return status === 1 && said.includes('set it going and may not approve it') ? said : undefined;
      },
      (said) => said.slice(said.indexOf('not answered')).replaceAll(/\s+/g, ' ').trim(),
    );
    const proof = await signProof(account.standIn, initiator.credentials, digestOfYes(request));
    await sendAnswer(account.standIn, stranger, request, yesTo(request, proof));
  },
};

const afterRewriting: Attempt = {
  name: 'the approver’s own yes to a request that was rewritten in the bucket',
  label: `bob says yes to ${wishedGiB} GiB, which nobody asked`,
  saying: /counted for nothing, since it was given to something else than what was asked: look who wrote in approvals/,
  answer: async (cast, request) => {
    const { stage, account, people, command } = cast;
    const changed = rewritten(request, wishedGiB);
    tell(cast, 'mallory tries to rewrite the request', 'bad');
    await stage.expectations.expect(
      'somebody whose own role may write everywhere cannot rewrite it: the bucket is closed',
      0,
      () =>
        rewriteRequest(account, people.stranger, changed).then(
          () => undefined,
          (error: unknown) => (error instanceof Error && error.name === 'AccessDenied' ? error : undefined),
        ),
      ({ name }) => name,
    );
    tell(cast, 'the break-glass role rewrites the request', 'bad');
    await rewriteRequest(account, people.repairer, changed);
    await stage.expectations.expect(
      'the approver is shown the rewritten plan, says yes to it, and is told that it counts for nothing',
      0,
      async () => {
        const { status, said } = await command(people.approver, 'approve', account.clusterKey, request.id);
        const isTold = status === 1 && said.includes('counts for nothing') && !said.includes('approved by');
        return isTold && said.includes(`${wishedGiB} GiB`) ? said : undefined;
      },
      (said) => said.slice(said.indexOf('counts for nothing')).replaceAll(/\s+/g, ' ').trim(),
    );
  },
};

const replayed: Attempt = {
  name: 'the approver’s proof of a moment ago, on another request',
  label: 'mallory sends bob’s last proof once more',
  saying: /counted for nothing, since nobody knows who gave it: STS does not take the signature/,
  answer: async ({ account, people }, request) => {
    const token = people.approver.credentials.sessionToken;
    const last = proofsIn(account).findLast((proof) => proof['x-amz-security-token'] === token);
    if (last === undefined) throw new Error('no run got a proof of the approver that could be sent again');
    await sendAnswer(account.standIn, people.stranger, request, yesTo(request, last));
  },
};

/** In this order: the fourth uses what the third left. A fifth would end the run. */
const attempts: readonly Attempt[] = [forged, ofInitiator, afterRewriting, replayed];

/**
 * Each counts for nothing: nothing is called, people are told why, and asked anew.
 *
 * @returns the request that stands after them; undefined where people were not asked anew, and the rest would be waited for in vain
 */
export async function expectVoid(
  cast: Cast,
  first: ApprovalDocument,
  wanted: readonly Attempt[] = attempts,
): Promise<ApprovalDocument | undefined> {
  let request: ApprovalDocument | undefined = first;
  for (const { name, label, saying, answer } of wanted) {
    const sinceMs = cast.stage.world.clock.nowMs();
    const seen = requestsIn(cast.account).length;
    tell(cast, label, 'bad');
    await answer(cast, request);
    request = await expectAsked(cast, `${name}: people are told why it counts for nothing, and asked anew`, {
      seen,
      sinceMs,
      saying,
    });
    expectUntouched(cast, 'and nothing is called for it');
    if (request === undefined) return undefined;
  }
  return request;
}
