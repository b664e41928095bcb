import { Logger } from '@aws-lambda-powertools/logger';
import { redactRecord } from '../text/redaction.ts';

/** One line of JSON; `fields` are redacted by name and shape before they are written. */
export type RunLogger = {
  readonly info: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly error: (message: string, fields: Readonly<Record<string, unknown>>) => void;
};

/** The logger of one procedure. Nothing else in mskeeper writes to the log. */
export function createRunLogger(procedure: string): RunLogger {
  const logger = new Logger({ serviceName: procedure });
  return {
    info: (message, fields) => logger.info(message, redactRecord(fields)),
    error: (message, fields) => logger.error(message, redactRecord(fields)),
  };
}
