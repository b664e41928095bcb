import { currentObject } from '../../../aws/services/s3/bucket.ts';
import { deniedCalls, failedInvocations, undelivered } from '../../observations.ts';
import { heardIn, wordsOf } from '../../people/heard.ts';
import type { Cast } from './cast.ts';
import { leaksIn, secretsOf } from './judgement.ts';
import { bucketOf, proofsIn, requestsIn } from './requests.ts';

/** Everything that people, programs and later readers get to see, but for the folder that approvers alone read. */
function placesOf({ account, printed }: Cast): readonly { readonly where: string; readonly text: string }[] {
  const { standIn } = account;
  const { lambda, eventBridge, s3 } = standIn;
  const bucket = s3.bucket(bucketOf(account));
  const objects = [...bucket.versions.keys()].filter((key) => !key.startsWith('approvals/'));
  return [
    ...lambda.logs.groups().map((group) => ({
      where: `the log ${group}`,
      text: lambda.logs
        .read(group)
        .map(({ message }) => message)
        .join('\n'),
    })),
    ...objects.map((key) => ({
      where: key,
      text: new TextDecoder().decode(currentObject(bucket, key)?.body ?? new Uint8Array()),
    })),
    ...heardIn(standIn).map((one) => ({ where: 'a message to people', text: wordsOf(one) })),
    ...eventBridge.events
      .filter(({ event }) => event.source === 'mskeeper')
      .map(({ event }) => ({ where: 'an event on the bus', text: JSON.stringify(event) })),
    { where: 'what a command printed', text: printed() },
  ];
}

/** No proof and no callback's id is seen anywhere, and nothing but the strangers' attempts was refused. */
export async function expectKeptSecret(cast: Cast): Promise<void> {
  const { stage, account, people } = cast;
  const { expectations, measure } = stage;
  const requests = requestsIn(account);
  const proofs = proofsIn(account);
  const secrets = secretsOf(requests, proofs);
  const places = placesOf(cast);
  measure('secrets looked for', secrets.length);
  measure('places looked through', places.length);
  await expectations.expect(
    'every request was answered, each with a proof',
    0,
    () => (requests.length > 0 && proofs.length === requests.length ? proofs.length : undefined),
    (count) => `${count} requests, ${count} answers`,
  );
  expectations.expectNothing(
    'no proof and no id of a callback stands in a log, report, record, message, event or printed line',
    () => leaksIn(places, secrets),
  );
  expectations.expectNothing('no call is refused but those of the stranger', () =>
    deniedCalls(account, ({ principalArn }) => principalArn !== people.stranger.arn),
  );
  expectations.expectNothing('no function fails', () => failedInvocations(account));
  expectations.expectNothing('nothing is lost on its way', () => undelivered(account));
}
