import { expect } from 'vitest';
import { aMoment, type IncidentAccount, incidentFunction } from './account.ts';

/**
 * A look at the channels as the day's schedule wakes it; later than whatever ran before, since a word that is older than another
 * counts for nothing.
 */
export const lookNow = async ({ standIn, pass }: IncidentAccount): Promise<void> => {
  await pass(aMoment);
  const event = { source: 'mskeeper.schedule', procedure: 'incident', scope: 'daily' };
  const { functionError } = await standIn.lambda.invoke({
    functionName: incidentFunction,
    payload: Buffer.from(JSON.stringify(event)),
    invocationType: 'RequestResponse',
  });
  expect(functionError).toBeUndefined();
  await standIn.lambda.idle();
};
