import type { Clock } from '../clock.ts';
import { type CallLog, createCallLog } from './call-log.ts';
import type { Delivery, Receiver, Sender } from './delivery.ts';
import { createFaults, type Faults } from './faults.ts';
import { type AccessDecision, denialMessage, evaluateAccess, type Principal } from './iam/evaluate.ts';
import { createIdentities, type Identities } from './iam/identities.ts';
import type { Policy } from './iam/policy.ts';
import { AwsError, type Caller, type Permission, type Service } from './service.ts';
import type { ResourceCreator } from './template/resource.ts';

/** What every service of the stand-in stands on: one account, its clock, its identities, and ways to one another. */
export type AwsWorld = {
  readonly accountId: string;
  readonly region: string;
  readonly clock: Clock;
  readonly identities: Identities;
  readonly calls: CallLog;
  readonly faults: Faults;
  /** By signing name (`monitoring`). */
  readonly services: ReadonlyMap<string, Service>;
  /** By CloudFormation type. */
  readonly creators: ReadonlyMap<string, ResourceCreator>;
  addService(service: Service): void;
  addCreator(type: string, creator: ResourceCreator): void;
  /** `kind` is the service part of the target's ARN: `lambda`, `sns`, `sqs`, `events`. */
  addReceiver(kind: string, receiver: Receiver): void;
  /** Who resolves `{{resolve:ssm:…}}` in a template; throws for a reference that leads nowhere. */
  addDynamicReference(service: string, resolve: (reference: string) => string): void;
  readonly dynamicReferences: ReadonlyMap<string, (reference: string) => string>;
  /** Where a resource's own policies are found; asked for every authorisation of that ARN's service. */
  addResourcePolicies(kind: string, policiesOf: (arn: string) => readonly Policy[]): void;
  /** Hands a message to the target's service. Rejects with AwsError when nobody takes it or the target refuses. */
  deliver(delivery: Delivery): Promise<void>;
  /** @throws AwsError AccessDeniedException with AWS's sentence when role and resource policies don't allow it. */
  authorize(principal: Principal, permission: Permission): void;
  /** The same for a signed call; the admin may do everything. */
  authorizeCaller(caller: Caller, permission: Permission): void;
  /** @throws AwsError AccessDenied when the role's trust policy does not let the service assume it for `sourceArn`. */
  authorizeAssumption(roleArn: string, service: string, sourceArn: string): void;
  /** The same for a person or a role's session: the trust policy must name the very principal. */
  authorizeTaking(roleArn: string, caller: Caller): void;
  /** The same for a delivery: judged by the target's policy, or by the role that the sender assumed. */
  authorizeSender(sender: Sender, permission: Permission): void;
};

/** What a role was granted and a fault took away: in place of its statement nothing allows it. */
const takenAway: AccessDecision = { allowed: false, because: 'no-allow' };

/** An empty account in one Region. */
export function createAwsWorld(options: { clock: Clock; accountId: string; region: string }): AwsWorld {
  const { clock, accountId, region } = options;
  const services = new Map<string, Service>();
  const creators = new Map<string, ResourceCreator>();
  const receivers = new Map<string, Receiver>();
  const policySources = new Map<string, (arn: string) => readonly Policy[]>();
  const dynamicReferences = new Map<string, (reference: string) => string>();
  const identities = createIdentities(accountId);
  const faults = createFaults();

  const authorize: AwsWorld['authorize'] = (principal, { action, resource, context = {} }) => {
    const role = principal.kind === 'role' ? identities.role(principal.roleArn) : undefined;
    const request = {
      principal,
      action,
      resource,
      // Everything here travels over plain HTTP on the loopback interface, which counts as TLS: what a TLS-only
      // policy says is checked as a template, not by breaking it.
      context: {
        'aws:SecureTransport': 'true',
        'aws:PrincipalIsAWSService': String(principal.kind === 'service'),
        ...(role && { 'aws:PrincipalArn': role.arn }),
        ...(principal.kind === 'user' && { 'aws:PrincipalArn': principal.userArn }),
        ...context,
      },
      identityPolicies: role?.policies ?? [],
      resourcePolicies: policySources.get(serviceOfArn(resource))?.(resource) ?? [],
    };
    const isTakenAway = role !== undefined && faults.isTakenAway(role.name, action, resource);
    const decision = isTakenAway ? takenAway : evaluateAccess(request);
    if (!decision.allowed) throw new AwsError('AccessDeniedException', 403, denialMessage(decision, request));
  };

  const principalOf = ({ roleName, principalArn }: Caller): Principal =>
    roleName === undefined
      ? { kind: 'user', userArn: principalArn }
      : { kind: 'role', roleArn: `arn:aws:iam::${accountId}:role/${roleName}`, sessionArn: principalArn };

  const requireTrust = (resource: string, principal: Principal, context: Readonly<Record<string, string>>): void => {
    const role = identities.role(resource);
    // Another account may have a role that is called alike.
    const trust = role?.arn === resource ? role.trust : undefined;
    const request = {
      principal,
      action: 'sts:AssumeRole',
      resource,
      context,
      identityPolicies: [],
      resourcePolicies: trust ? [trust] : [],
    };
    const decision = evaluateAccess(request);
    if (!decision.allowed) throw new AwsError('AccessDeniedException', 403, denialMessage(decision, request));
  };

  return {
    accountId,
    region,
    clock,
    identities,
    calls: createCallLog(),
    faults,
    services,
    creators,
    addService: (service) => void services.set(service.signingName, service),
    addCreator: (type, creator) => void creators.set(type, creator),
    addReceiver: (kind, receiver) => void receivers.set(kind, receiver),
    dynamicReferences,
    addDynamicReference: (service, resolve) => void dynamicReferences.set(service, resolve),
    addResourcePolicies: (kind, policiesOf) => void policySources.set(kind, policiesOf),
    async deliver(delivery) {
      const receiver = receivers.get(serviceOfArn(delivery.targetArn));
      if (!receiver) {
        throw new AwsError('ValidationException', 400, `No target of this kind is served here: ${delivery.targetArn}`);
      }
      await receiver(delivery);
    },
    authorize,
    authorizeCaller(caller, permission) {
      if (!caller.isAdmin) authorize(principalOf(caller), permission);
    },
    authorizeAssumption(roleArn, service, sourceArn) {
      const context = { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': accountId };
      requireTrust(roleArn, { kind: 'service', service }, context);
    },
    authorizeTaking: (roleArn, caller) => requireTrust(roleArn, principalOf(caller), {}),
    authorizeSender(sender, permission) {
      // Nobody saw EventBridge say the account beside the rule's ARN: a permission that asks for it lets nothing through.
      const account = sender.service === 'events.amazonaws.com' ? {} : { 'aws:SourceAccount': accountId };
      const context = { 'aws:SourceArn': sender.sourceArn, ...account, ...permission.context };
      if (sender.kind === 'service') return authorize(sender, { ...permission, context });
      const sessionArn = `${sender.roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${sender.service}`;
      return authorize({ kind: 'role', roleArn: sender.roleArn, sessionArn }, { ...permission, context });
    },
  };
}

/** `sns` of `arn:aws:sns:…`; empty for what is no ARN. */
function serviceOfArn(arn: string): string {
  return arn.split(':')[2] ?? '';
}
