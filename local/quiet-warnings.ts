import process from 'node:process';

/**
 * kafkajs arms a timer with a negative time after every answer, on which Node 24 prints a warning; it is for throttling
 * only, and the clients of traffic and measurements are plain kafkajs. Every other warning is printed as ever.
 */
export const quietNegativeTimeouts = (): void => {
  const emit = process.emitWarning;
  // The overloads of emitWarning differ in their second argument only.
  process.emitWarning = ((warning: string | Error, ...rest: readonly unknown[]) => {
    if (rest[0] === 'TimeoutNegativeWarning') return;
    Reflect.apply(emit, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
};
