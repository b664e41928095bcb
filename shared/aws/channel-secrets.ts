import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { isWithin } from '../core/clocks.ts';
import { DependencyError } from '../core/errors.ts';
import { minuteMs } from '../core/units.ts';
import type { CallScope } from '../run/call-scope.ts';
import { jsonIn } from '../text/json.ts';
import { callAws } from './call.ts';

/** Where the secret of an endpoint is kept, by the endpoint's name: errors say both. */
export type SecretPlace = { readonly endpoint: string } & (
  | { readonly secret: string }
  | { readonly parameter: string }
);

const printableAscii = (most: number) =>
  z
    .string()
    .trim()
    .regex(new RegExp(`^[\\x21-\\x7e]{1,${most}}$`), `expected ASCII without spaces, of at most ${most} characters`);

/** Nothing that zod says by itself may stand in an error: a field's name may be what somebody pasted. */
const only = (fields: string) => ({ error: () => `expected an object of ${fields}` });

const restSchema = z.union(
  [
    z.strictObject({ apiToken: printableAscii(200) }),
    z.strictObject({
      clientId: printableAscii(255),
      clientSecret: printableAscii(512),
      subdomain: z
        .string()
        .trim()
        .regex(/^[A-Za-z0-9-]{1,63}$/, 'expected the part of the address before .pagerduty.com'),
    }),
  ],
  {
    error: () => 'expected {apiToken} of a read-only key, or {clientId, clientSecret, subdomain} of a Scoped OAuth app',
  },
);

/** A service of PagerDuty: its integration key, and what reads the account's incidents. */
export const pagerDutySecret = z.strictObject(
  {
    routingKey: z
      .string('expected the integration key of an Events API v2 integration')
      .trim()
      .regex(/^[A-Za-z0-9]{32}$/, 'expected the 32 letters and digits of an Events API v2 integration key'),
    region: z.enum(['us', 'eu'], { error: () => 'expected us or eu, where the account lives' }).default('us'),
    rest: restSchema.exactOptional(),
  },
  only('{routingKey, region?, rest?}'),
);
export type PagerDutySecret = z.output<typeof pagerDutySecret>;

/** The bot of an app of Slack. */
export const slackSecret = z.strictObject(
  {
    botToken: z
      .string('expected the bot token of the app')
      .trim()
      .regex(/^xoxb-[A-Za-z0-9-]{8,250}$/, 'expected a bot token of the app, which begins with xoxb-'),
  },
  only('{botToken}'),
);

/** Where SNS delivers to, as CloudFormation hands it on: the whole parameter or secret. */
export const keptAddress = z.string().trim().min(1, 'expected an address').max(2_048, 'expected an address');

/** An address that is a key by itself: the whole parameter, and no JSON. */
export const httpsAddress = z
  .string()
  .trim()
  .max(2_048, 'expected an address of at most 2,048 characters')
  .refine(isHttps, 'expected an https address without a name and password in it');

function isHttps(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '';
}

/** What channels need to know, and nothing else may: it is kept for five minutes in the process, and told nowhere. */
export type ChannelSecrets = {
  /**
   * @param nowMs the run's time
   * @returns whether it was kept from before: then it may have been changed since
   * @throws DependencyError of Secrets Manager or Systems Manager; `bad-answer` that says of which endpoint it is, where it is
   *   kept and what is expected, and nothing of what stands there
   */
  readonly fetch: <Secret>(
    calls: CallScope,
    place: SecretPlace,
    schema: z.ZodType<Secret>,
    nowMs: number,
  ) => Promise<{ readonly value: Secret; readonly isKept: boolean }>;
  /** The next fetch reads it anew. */
  readonly forget: (place: SecretPlace) => void;
};

const keptMs = 5 * minuteMs;

/** One read, which whoever asks meanwhile waits for, too. @property isThere it came, and was what was expected */
type Reading = {
  readonly calls: CallScope;
  readonly text: Promise<string>;
  readonly readAtMs: number;
  isThere: boolean;
};

/** Reads secrets of Secrets Manager and parameters of Systems Manager; once a process. */
export function openChannelSecrets(
  secretsManager: Pick<SecretsManagerClient, 'send'>,
  parameters: Pick<SSMClient, 'send'>,
): ChannelSecrets {
  const kept = new Map<string, Reading>();
  const readText = (calls: CallScope, place: SecretPlace) =>
    'secret' in place
      ? readSecret(secretsManager, calls, place.secret)
      : readParameter(parameters, calls, place.parameter);
  const begin = (calls: CallScope, place: SecretPlace, nowMs: number): Reading => {
    const reading: Reading = { calls, text: readText(calls, place), readAtMs: nowMs, isThere: false };
    kept.set(keyOf(place), reading);
    return reading;
  };
  return {
    fetch: async (calls, place, schema, nowMs) => {
      const before = kept.get(keyOf(place));
      // What another run still waits for ends with that run.
      const isOurs = before !== undefined && (before.isThere || before.calls === calls);
      const isUsable = isOurs && isWithin(before.readAtMs, keptMs, nowMs);
      const isKept = isUsable && before.isThere;
      const reading = isUsable ? before : begin(calls, place, nowMs);
      try {
        const value = parseSecret(place, await reading.text, schema);
        reading.isThere = true;
        return { value, isKept };
      } catch (error) {
        if (kept.get(keyOf(place)) === reading) kept.delete(keyOf(place));
        throw error;
      }
    },
    forget: (place) => {
      // One that is being read is newer than what was refused.
      if (kept.get(keyOf(place))?.isThere === true) kept.delete(keyOf(place));
    },
  };
}

const keyOf = (place: SecretPlace): string =>
  'secret' in place ? `secret ${place.secret}` : `parameter ${place.parameter}`;

const secretCall = 'secretsmanager:GetSecretValue';
const parameterCall = 'ssm:GetParameter';
const callOf = (place: SecretPlace): string => ('secret' in place ? secretCall : parameterCall);

async function readSecret(
  client: Pick<SecretsManagerClient, 'send'>,
  calls: CallScope,
  secret: string,
): Promise<string> {
  const { SecretString: text } = await callAws(calls, secretCall, (options) =>
    client.send(new GetSecretValueCommand({ SecretId: secret }), options),
  );
  return text ?? '';
}

async function readParameter(client: Pick<SSMClient, 'send'>, calls: CallScope, parameter: string): Promise<string> {
  const { Parameter: found } = await callAws(calls, parameterCall, (options) =>
    client.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }), options),
  );
  return found?.Value ?? '';
}

/** JSON where it is JSON, else the text itself: an address is kept as it is. */
function parseSecret<Secret>(place: SecretPlace, text: string, schema: z.ZodType<Secret>): Secret {
  const json = jsonIn(text);
  const parsed = schema.safeParse(typeof json === 'object' ? json : text);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  const detail = `bad answer: the ${keyOf(place)} of endpoint ${place.endpoint} is not right: ${path}${issue?.message ?? ''}`;
  throw new DependencyError(callOf(place), 'bad-answer', detail);
}
