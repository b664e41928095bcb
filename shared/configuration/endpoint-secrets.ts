import * as z from 'zod';

/**
 * What is kept for a `pagerduty` or `phone` endpoint, as JSON: the key of one service's integration, in which of PagerDuty's
 * regions the account lies, and, so that acknowledgements are read, a read-only key or an app of scope incidents.read.
 */
export const pagerSecretSchema = z.object({
  routingKey: z
    .string()
    .regex(/^[A-Za-z0-9]{32}$/, 'must be the 32 letters and digits of an Events API v2 integration'),
  region: z.enum(['us', 'eu'], 'must be us or eu').default('us'),
  rest: z
    .union(
      [
        z.object({ apiToken: z.string().min(1) }),
        z.object({ clientId: z.string().min(1), clientSecret: z.string().min(1), subdomain: z.string().min(1) }),
      ],
      'must have apiToken, or clientId, clientSecret and subdomain',
    )
    .exactOptional(),
});

/** What is kept for a `slack` endpoint, as JSON. The bot has the scope chat:write, and was invited into the channel. */
export const slackSecretSchema = z.object({
  botToken: z.string().regex(/^xoxb-[A-Za-z0-9-]+$/, 'must be a bot’s token, which begins with xoxb-'),
});
