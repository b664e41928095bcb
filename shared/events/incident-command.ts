import * as z from 'zod';
import { type CommandWords, incidentCommands, mostForMinutes } from '../core/incident-command.ts';
import { digestOf } from '../text/digest.ts';
import { type CallerProof, callerProof } from './caller-proof.ts';

/** @property commandId drawn anew for each command, which counts once */
export type SignedCommand = { readonly commandId: string; readonly proof: CallerProof };

/** What a person asks of incident: to see what is open needs no name, everything else does. */
export type IncidentRequest =
  | { readonly kind: 'command'; readonly command: 'list' }
  | ({ readonly kind: 'command'; readonly signed: SignedCommand } & CommandWords);

const procedure = 'incident';

/** What a person signs who commands incident: on this cluster, this very thing, this once. */
export const digestOfCommand = (
  words: CommandWords,
  { clusterArn, commandId }: { readonly clusterArn: string; readonly commandId: string },
): string =>
  digestOf({
    about: 'mskeeper command',
    clusterArn,
    procedure,
    commandId,
    command: words.command,
    incidentId: 'incidentId' in words ? words.incidentId : null,
    forMinutes: ('forMinutes' in words ? words.forMinutes : undefined) ?? null,
  });

const incidentId = z.string({ error: missing('incidentId') }).regex(/^[1-9]\d{0,8}$/, {
  error: 'Invalid input: expected the number of an incident as a text, such as "12"',
});
const wholeMinutes = `Invalid input: expected whole minutes from 1 to ${mostForMinutes}`;
const forMinutes = z.int({ error: wholeMinutes }).min(1, wholeMinutes).max(mostForMinutes, wholeMinutes);
const signed = z.strictObject(
  { commandId: z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/), proof: callerProof },
  { error: missing('signed: a command counts by whoever signs it, as npm run mskeeper -- ack and the others do') },
);

function missing(what: string) {
  return ({ input }: { readonly input?: unknown }): string | undefined =>
    input === undefined ? `Invalid input: expected ${what}` : undefined;
}

const frame = { source: z.literal('mskeeper.manual'), procedure: z.literal(procedure) };

/** A command as an invocation of the function brings it. */
export const incidentCommandEvent: z.ZodType<IncidentRequest> = z
  .discriminatedUnion(
    'command',
    [
      z.strictObject({ ...frame, command: z.literal('list') }),
      z.strictObject({
        ...frame,
        command: z.enum(['ack', 'silence']),
        incidentId,
        forMinutes: forMinutes.exactOptional(),
        signed,
      }),
      z.strictObject({ ...frame, command: z.enum(['escalate', 'resolve']), incidentId, signed }),
      z.strictObject({ ...frame, command: z.literal('test'), signed }),
    ],
    {
      error: ({ code }) =>
        code === 'invalid_union' ? `Invalid input: expected one of ${incidentCommands.join(', ')}` : undefined,
    },
  )
  .transform(
    ({ source: _source, procedure: _procedure, ...asked }): IncidentRequest => ({ kind: 'command', ...asked }),
  );
