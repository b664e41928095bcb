import { AwsError, type Permission } from '../../../service.ts';
import type { AwsWorld } from '../../../world.ts';
import type { Queue } from '../../sqs/queue.ts';
import type { FunctionConfiguration } from '../function.ts';
import { invalid } from './mapping.ts';

/** What Lambda's pollers ask of SQS, with the function's own role. */
type PollerCall = 'ReceiveMessage' | 'DeleteMessage' | 'GetQueueAttributes';

type Role = Pick<FunctionConfiguration, 'roleArn' | 'name' | 'arn'>;

const senderOf = ({ roleArn, name, arn }: Role) => ({ kind: 'role', roleArn, service: name, sourceArn: arn }) as const;

const permissionFor = (call: PollerCall, { arn }: Queue): Permission => ({ action: `sqs:${call}`, resource: arn });

/**
 * One call of a poller, judged, and kept among the account's calls as CloudTrail would show it. A queue under a key of the
 * user's needs that key to be read; AWS's own key for SQS needs nothing. Whatever fault hits it, the poll comes to nothing.
 *
 * @returns whether the call came through
 */
export function isPollAllowed(world: AwsWorld, call: PollerCall, queue: Queue, role: Role): boolean {
  const permission = permissionFor(call, queue);
  const keyArn = queue.attributes.KmsMasterKeyId;
  const needsKey = call === 'ReceiveMessage' && keyArn !== undefined && keyArn !== 'alias/aws/sqs';
  const roleName = role.roleArn.slice(role.roleArn.lastIndexOf('/') + 1);
  const taken = world.faults.take('sqs', call, roleName);
  const refusal = taken && `fault:${taken.fault}`;
  const outcome =
    refusal ??
    judge(() => {
      world.authorizeSender(senderOf(role), permission);
      if (!needsKey) return;
      const context = { 'kms:ViaService': `sqs.${world.region}.amazonaws.com` };
      world.authorizeSender(senderOf(role), { action: 'kms:Decrypt', resource: keyArn, context });
    });
  world.calls.record({
    atMs: world.clock.nowMs(),
    service: 'sqs',
    operation: call,
    principalArn: `arn:aws:sts::${world.accountId}:assumed-role/${roleName}/${role.name}`,
    roleName,
    permissions: [permission],
    durationMs: 0,
    outcome,
    requestId: '',
  });
  return outcome === 'ok';
}

/** What CreateEventSourceMapping asks of the role. @throws AwsError InvalidParameterValueException, naming the call */
export function requireAccess(world: AwsWorld, queue: Queue, role: Role): void {
  for (const call of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'] as const) {
    const outcome = judge(() => world.authorizeSender(senderOf(role), permissionFor(call, queue)));
    if (outcome !== 'ok') throw invalid(`The function execution role does not have permissions to call ${call} on SQS`);
  }
}

/** `ok`, or the code of the refusal. */
function judge(ask: () => void): string {
  try {
    ask();
    return 'ok';
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return error.code;
  }
}
