import { randomBytes } from 'node:crypto';

/** Where an account lives: its keys and tokens are unknown elsewhere. */
export type Region = 'us' | 'eu';

/**
 * How a service of PagerDuty is set up.
 *
 * @property urgency `dynamic` goes by the event's severity: critical and error are high, warning and info low
 * @property acknowledgementSeconds how long an acknowledgement holds
 * @property resolveSeconds after how long an open incident resolves itself
 */
type ServiceSettings = {
  readonly name: string;
  readonly region: Region;
  readonly urgency: 'dynamic' | 'high' | 'low';
  readonly acknowledgementSeconds: number | 'never-lapses';
  readonly resolveSeconds: number | 'never';
};

export type PagerDutyService = ServiceSettings & {
  readonly id: string;
  /** Of its Events API v2 integration: 32 characters, the only credential of an event. */
  readonly routingKey: string;
};

/** What PagerDuty gives a service whose owner says nothing else. */
const usual: Omit<ServiceSettings, 'name'> = {
  region: 'us',
  urgency: 'dynamic',
  acknowledgementSeconds: 1_800,
  resolveSeconds: 14_400,
};

export type ServiceWish = Pick<ServiceSettings, 'name'> & Partial<ServiceSettings>;

export const createService = (wish: ServiceWish): PagerDutyService => ({
  ...usual,
  ...wish,
  id: newId(),
  routingKey: randomBytes(16).toString('hex'),
});

/** As PagerDuty's: `P` and letters. */
export const newId = (): string => `P${randomBytes(7).toString('hex').toUpperCase()}`.slice(0, 14);
