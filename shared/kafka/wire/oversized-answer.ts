import { randomBytes } from 'node:crypto';

/** An answer that was there and was not taken in. `answerBytes` is its length on the wire. */
export type OversizedAnswer = { readonly answerBytes: number };

/** By which the frame is known that takes a large answer's place: no broker can guess it. */
const mark = randomBytes(16);
const lengthBytes = 4;

/** A whole frame for one request: it says how large the answer was that stood here. */
export const oversizedFrame = (correlationId: number, { answerBytes }: OversizedAnswer): Buffer => {
  const frame = Buffer.alloc(3 * lengthBytes + mark.length);
  frame.writeInt32BE(frame.length - lengthBytes, 0);
  frame.writeInt32BE(correlationId, lengthBytes);
  mark.copy(frame, 2 * lengthBytes);
  frame.writeInt32BE(answerBytes, 2 * lengthBytes + mark.length);
  return frame;
};

/** What an answer's bytes after the correlation id say, where they are such a frame's. */
export const readOversized = (answer: Buffer): OversizedAnswer | undefined =>
  answer.length === mark.length + lengthBytes && answer.subarray(0, mark.length).equals(mark)
    ? { answerBytes: answer.readInt32BE(mark.length) }
    : undefined;
