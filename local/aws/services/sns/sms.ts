import type { Topic } from './topic.ts';

/** A text message as a telephone shows it, and in how many parts it is sent and billed. */
export type Sms = { readonly text: string; readonly encoding: 'GSM' | 'UCS-2'; readonly partCount: number };

/** What the account may send by SMS. */
export type SmsSettings = {
  readonly isInSandbox: boolean;
  readonly defaultType: 'Promotional' | 'Transactional';
  /** Numbers that a sandbox may reach once they are verified. */
  readonly sandboxNumbers: readonly { readonly number: string; readonly isVerified: boolean }[];
  /** Numbers whose owner answered STOP. */
  readonly optedOutNumbers: readonly string[];
  readonly monthlySpendLimitUsd: number;
  readonly usdPerPart: number;
};

/** A month for people's telephones: an account out of the sandbox whose limit was raised. */
export const usualSms: SmsSettings = {
  isInSandbox: false,
  defaultType: 'Promotional',
  sandboxNumbers: [],
  optedOutNumbers: [],
  monthlySpendLimitUsd: 50,
  usdPerPart: 0.01,
};

/** GSM 03.38: the alphabet of seven bits, and what takes two places of it behind an escape. */
const gsmCharacters = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const gsmExtended = new Set('\f^{}\\[~]|€');

/** Of one message, and of each part of several, which carry a header. */
const places = { GSM: { alone: 160, joined: 153 }, 'UCS-2': { alone: 70, joined: 67 } } as const;
/** SNS Developer Guide, "Publishing SMS messages": of one publication, all parts together. */
const mostBytes = 1600;
/** The console's own words on display names. */
const displayedCharacters = 10;

/** What of a topic's message comes to a telephone. */
export function smsOf(message: string, { displayName }: Pick<Topic, 'displayName'>): Sms {
  const text = displayName === undefined ? message : `${displayName.slice(0, displayedCharacters)}> ${message}`;
  const characters = [...text];
  const isGsm = characters.every((each) => gsmCharacters.has(each) || gsmExtended.has(each));
  const encoding = isGsm ? 'GSM' : 'UCS-2';
  const sizes = characters.map((each) => (isGsm ? (gsmExtended.has(each) ? 2 : 1) : each.length));
  return { text, encoding, partCount: countParts(sizes, places[encoding]) };
}

/** A character is never torn apart: one of two places begins the next part where one place is left. */
function countParts(sizes: readonly number[], { alone, joined }: { alone: number; joined: number }): number {
  if (sizes.reduce((sum, size) => sum + size, 0) <= alone) return 1;
  let partCount = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > joined) {
      partCount += 1;
      used = 0;
    }
    used += size;
  }
  return partCount;
}

/** Why SNS sends no such message; undefined where it sends it. The publisher is not told: a metric counts it. */
export function smsFailure(sms: Sms, endpoint: string, settings: SmsSettings, spentUsd: number): string | undefined {
  if (Buffer.byteLength(sms.text) > mostBytes) return `the message has more than ${mostBytes} bytes`;
  if (settings.optedOutNumbers.includes(endpoint)) return 'Phone number is opted out';
  const isVerified = settings.sandboxNumbers.some(({ number, isVerified }) => number === endpoint && isVerified);
  if (settings.isInSandbox && !isVerified)
    return 'the account is in the SMS sandbox, and the number is not verified there';
  const isOverLimit = spentUsd + sms.partCount * settings.usdPerPart > settings.monthlySpendLimitUsd;
  return isOverLimit ? 'No quota left for account' : undefined;
}
