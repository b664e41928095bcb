import { createHash } from 'node:crypto';
import { fitUtf8, utf8Bytes } from '../../text/utf8.ts';

/** No name that Kafka has a rule for is longer (249 characters), nor a host's (255); messages of brokers are a sentence or two. */
const mostBytes = 1_000;

export const isShort = (text: string): boolean => text.length * 3 <= mostBytes || utf8Bytes(text) <= mostBytes;

/**
 * A text that applications chose, or a broker's words, where it is short; else its beginning and a digest of the whole:
 * two that differ stay two.
 */
export const shortText = (text: string): string => {
  if (isShort(text)) return text;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${fitUtf8(text, mostBytes - digest.length - 3)} (${digest})`;
};

/** Every text inside plain data, its keys left alone. */
export const shortTexts = <Data>(data: Data): Data => {
  if (typeof data === 'string') return shortText(data) as Data;
  if (Array.isArray(data)) return data.map(shortTexts) as Data;
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, shortTexts(value)])) as Data;
};
