import type { ApprovalDocument } from '../../../../shared/durable/approval.ts';
import { digestOfRequest } from '../../../../shared/durable/approval-digest.ts';
import type { CallerProof } from '../../../../shared/events/caller-proof.ts';

/** The same request for volumes of another size, made to fit again: what somebody writes who wants a yes to his own plan. */
export function rewritten(request: ApprovalDocument, toGiB: number): ApprovalDocument {
  const { plan } = request;
  const words = plan.message.replaceAll(`${plan.evidence.toGiB} GiB`, `${toGiB} GiB`);
  const changed = { ...request, plan: { ...plan, message: words, evidence: { ...plan.evidence, toGiB } } };
  return { ...changed, digest: digestOfRequest(changed) };
}

/** The size that a request asks for; undefined where it names none. */
export const sizeAskedFor = ({ plan }: Pick<ApprovalDocument, 'plan'>): number | undefined => {
  const { toGiB } = plan.evidence;
  return typeof toGiB === 'number' ? toGiB : undefined;
};

/** What the audit says of a person's decision, and of what came of it. */
export type KeptDecision = {
  readonly end: string | undefined;
  readonly toGiB: unknown;
  readonly by: string;
  readonly isProven: boolean;
  readonly isRefused: boolean;
  readonly digest: string | undefined;
  readonly comment: string | undefined;
};

/** Reads an audit record as it came from the packaged function; undefined for one that no person decided over. */
export function keptDecisionOf(document: unknown): KeptDecision | undefined {
  const { approval, end, target } = recordOf(document);
  const { by, isProven, isRefused, digest, comment } = recordOf(approval);
  if (typeof by !== 'string') return undefined;
  const { decision } = recordOf(end);
  return {
    by,
    end: textOf(decision),
    toGiB: recordOf(target).toGiB,
    isProven: isProven === true,
    isRefused: isRefused === true,
    digest: textOf(digest),
    comment: textOf(comment),
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** What may stand nowhere but where it has to. */
export const secretsOf = (
  requests: readonly Pick<ApprovalDocument, 'callbackId'>[],
  proofs: readonly CallerProof[],
): readonly { readonly what: string; readonly text: string }[] => [
  ...requests.map(({ callbackId }) => ({ what: 'the id of a callback', text: callbackId })),
  ...proofs.flatMap(({ authorization, 'x-amz-security-token': token }) => [
    { what: 'a signature', text: authorization.slice(authorization.lastIndexOf('=') + 1) },
    ...(token === undefined ? [] : [{ what: 'a session token', text: token }]),
  ]),
];

/** Where one of them stands all the same: `the log of …: a signature`. Each place is named once for each kind. */
export const leaksIn = (
  places: readonly { readonly where: string; readonly text: string }[],
  secrets: ReturnType<typeof secretsOf>,
): readonly string[] => [
  ...new Set(
    places.flatMap(({ where, text }) =>
      secrets.filter((secret) => stands(secret.text, text)).map(({ what }) => `${where}: ${what}`),
    ),
  ),
];

/** As it is, or as it would stand in an address. */
const stands = (secret: string, text: string): boolean =>
  text.includes(secret) || text.includes(encodeURIComponent(secret));
