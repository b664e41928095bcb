import type { ChannelEndpoint, Channels, Kept } from '../../shared/core/configuration.ts';
import type { StandIn } from '../aws/stand-in.ts';

/** Where a person of the world sets channels up. */
export type Furnished = Pick<StandIn, 'ssm' | 'secrets' | 'outside'>;

const watcherHost = 'watch.example.org';

/**
 * Sets up what the channels of a configuration name, as its owner does by hand: services of PagerDuty called like their endpoint,
 * Slack's channels with the bot in them, an outside watcher; and keeps addresses and keys where the configuration says.
 */
export function furnishChannels(
  { ssm, secrets, outside }: Furnished,
  { endpoints, heartbeat }: Pick<Channels, 'endpoints' | 'heartbeat'>,
): void {
  const keep = (place: Kept, text: string): void => {
    if ('secret' in place) secrets.put(place.secret, text);
    else ssm.put(place.parameter, text);
  };
  for (const [name, endpoint] of Object.entries(endpoints)) {
    // Nobody keeps anything for Amazon Q: it comes by the stack's own resource.
    if (endpoint.kind !== 'amazon-q') keep(endpoint, textFor(outside, name, endpoint));
  }
  if (heartbeat === undefined) return;
  outside.addHost(watcherHost, { answer: () => ({ status: 200, body: 'OK' }) });
  keep(heartbeat, `https://${watcherHost}/${crypto.randomUUID()}`);
}

function textFor(
  { pagerDuty, slack }: StandIn['outside'],
  name: string,
  endpoint: Exclude<ChannelEndpoint, { readonly kind: 'amazon-q' }>,
): string {
  switch (endpoint.kind) {
    case 'email':
      return `${name}@example.com`;
    case 'sms':
      return '+15550100';
    case 'https':
      return `https://${name}.example.org/`;
    case 'pagerduty':
    case 'phone': {
      // Whoever is called by telephone is called whatever the severity.
      const { routingKey } = pagerDuty.addService({ name, urgency: endpoint.kind === 'phone' ? 'high' : 'dynamic' });
      return JSON.stringify({ routingKey, rest: { apiToken: pagerDuty.addApiToken() } });
    }
    case 'slack':
      slack.setChannel(endpoint.channel);
      return JSON.stringify({ botToken: slack.addBot() });
    default:
      return endpoint satisfies never;
  }
}
