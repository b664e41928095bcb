import { formatWithOptions } from 'node:util';

const levels = { log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', debug: 'DEBUG', trace: 'TRACE' } as const;

/**
 * Makes `console` write as in Lambda: in text, time, request and level before the message, separated by tabs; in JSON,
 * an object a line. Line breaks inside a text become carriage returns, so that one call stays one log event.
 */
export function patchConsole(format: 'Text' | 'JSON', requestId: () => string): void {
  for (const [method, level] of Object.entries(levels)) {
    Reflect.set(console, method, (...values: unknown[]) => {
      const [only] = values;
      const message = formatWithOptions({}, ...values);
      const timestamp = new Date().toISOString();
      process.stdout.write(
        format === 'Text'
          ? `${timestamp}\t${requestId()}\t${level}\t${message.replaceAll('\n', '\r')}\n`
          : `${JSON.stringify({
              timestamp,
              level,
              requestId: requestId(),
              message: values.length === 1 && typeof only === 'object' && !(only instanceof Error) ? only : message,
            })}\n`,
      );
    });
  }
}
