import { Logger } from '@aws-lambda-powertools/logger';
import { printable, printableJson } from '../text/printable.ts';
import { redactRecord } from '../text/redaction.ts';

// Node has it, and TypeScript's own library does not know it yet.
declare global {
  interface JSON {
    rawJSON(json: string): object;
  }
}

/** One line of JSON; `fields` are redacted by name and shape before they are written. */
export type RunLogger = {
  readonly info: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly error: (message: string, fields: Readonly<Record<string, unknown>>) => void;
};

/**
 * The logger of one procedure. Nothing else in mskeeper writes to the log. JSON leaves bidi marks, zero-width letters and
 * Unicode's line separators as they are: they are written as JSON's own escapes, so that a reader of the line sees them and
 * a program reads the same.
 */
export function createRunLogger(procedure: string): RunLogger {
  const logger = new Logger({ serviceName: procedure, jsonReplacerFn: (_key, value) => asPlainJson(value) });
  return {
    info: (message, fields) => logger.info(message, redactRecord(fields)),
    error: (message, fields) => logger.error(message, redactRecord(fields)),
  };
}

/** A text as a piece of JSON that JSON.stringify takes as it is; names that need it show what they hold. */
const asPlainJson = (value: unknown): unknown => {
  if (typeof value === 'string') return isPlain(value) ? value : JSON.rawJSON(printableJson(JSON.stringify(value)));
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).every(isPlain))
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [printable(key), item]));
};

const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
