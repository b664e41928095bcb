import type { ChannelFound } from './found.ts';
import { judgePager, judgeSlack } from './judge-doors.ts';
import { judgeAmazonQ, judgeSns } from './judge-sns.ts';
import type { Judged } from './judged.ts';

/** What a look makes of an endpoint. No address, number or token is in it. */
export function judgeChannel(found: ChannelFound): Judged {
  const { endpoint, kind } = found;
  switch (found.kind) {
    case 'email':
    case 'sms':
    case 'https':
      return { endpoint, kind, ...judgeSns(endpoint, found) };
    case 'amazon-q':
      return { endpoint, kind, ...judgeAmazonQ(endpoint, found) };
    case 'pagerduty':
    case 'phone':
      return { endpoint, kind, ...judgePager(endpoint, found) };
    case 'slack':
      return { endpoint, kind, ...judgeSlack(endpoint, found) };
    default:
      return found satisfies never;
  }
}
