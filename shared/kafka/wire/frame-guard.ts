import { type OversizedAnswer, oversizedFrame } from './oversized-answer.ts';

/** Above what any answer to our requests needs. A larger one is not taken in. */
export const maximumFrameBytes = 64 * 1024 * 1024;
/** Up to here an answer is let pass by, so that the connection lives on; an HTTP or TLS answer read as a length is far above it. */
const mostSkippedBytes = 256 * 1024 * 1024;

const lengthBytes = 4;
const correlationBytes = 4;
const headBytes = lengthBytes + correlationBytes;
/** A request's length, API key and API version stand before its correlation id. */
const correlationOffsetInRequest = 8;

/**
 * `passed` is what may be seen of the chunk. `violation` is what the bytes broke; `isTls` where they begin like a TLS
 * record.
 */
export type FrameVerdict =
  | { readonly accepted: true; readonly passed: Buffer }
  | { readonly accepted: false; readonly violation: string; readonly isTls: boolean };

type Head = { readonly length: number; readonly id: number };
type Refusal = Extract<FrameVerdict, { readonly accepted: false }>;

const refused = (violation: string, isTls = false): Refusal => ({ accepted: false, violation, isTls });

/**
 * Watches a connection's bytes before kafkajs sees them, and refuses what would make kafkajs wait for gigabytes, throw
 * outside of any promise, or drop an answer in silence: absurd lengths, and answers to questions never asked. An answer
 * that is merely too large is swallowed, and a frame that says so takes its place: other answers still come.
 *
 * One guard serves one connection; bytes come in the order of the socket.
 */
export class FrameGuard {
  readonly #askedIds = new Set<number>();
  /** The first bytes of a frame that is not judged yet. */
  #head: Buffer = Buffer.alloc(0);
  #bytesLeftInFrame = 0;
  #isSwallowing = false;

  /** One whole request, as kafkajs writes it. Bytes too short for a header (old SASL tokens) carry no id. */
  noteRequest(request: Buffer): void {
    if (request.length >= correlationOffsetInRequest + correlationBytes) {
      this.#askedIds.add(request.readInt32BE(correlationOffsetInRequest));
    }
  }

  /** True while an answer has begun and not ended. */
  get isInsideFrame(): boolean {
    return this.#bytesLeftInFrame > 0 || this.#head.length > 0;
  }

  judge(chunk: Buffer): FrameVerdict {
    const passed: Buffer[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#bytesLeftInFrame > 0) {
        const taken = Math.min(this.#bytesLeftInFrame, rest.length);
        this.#bytesLeftInFrame -= taken;
        if (!this.#isSwallowing) passed.push(rest.subarray(0, taken));
        rest = rest.subarray(taken);
        continue;
      }
      this.#head = this.#head.length === 0 ? rest : Buffer.concat([this.#head, rest]);
      const head = this.#readHead();
      if (head === undefined) break;
      if ('violation' in head) return head;
      passed.push(this.#begin(head));
      rest = this.#head.subarray(headBytes);
      this.#head = Buffer.alloc(0);
    }
    const [only] = passed;
    return { accepted: true, passed: passed.length === 1 && only !== undefined ? only : Buffer.concat(passed) };
  }

  /** What is passed on of a frame's head, or in its place. */
  #begin({ length, id }: Head): Buffer {
    this.#bytesLeftInFrame = length - correlationBytes;
    this.#isSwallowing = length > maximumFrameBytes;
    const answer: OversizedAnswer = { answerBytes: length };
    return this.#isSwallowing ? oversizedFrame(id, answer) : this.#head.subarray(0, headBytes);
  }

  /** Undefined while too few bytes are there. */
  #readHead(): Head | Refusal | undefined {
    const head = this.#head;
    if (head.length < lengthBytes) return undefined;
    const length = head.readInt32BE(0);
    if (length < correlationBytes || length > mostSkippedBytes) {
      const beginning = `0x${head.toString('hex', 0, lengthBytes)}`;
      return refused(`an answer that claims ${length} bytes (it begins with ${beginning})`, isTlsRecord(head));
    }
    if (head.length < headBytes) return undefined;
    const id = head.readInt32BE(lengthBytes);
    return this.#askedIds.delete(id) ? { length, id } : refused(`an answer to request ${id}, which was not sent`);
  }
}

/** A TLS handshake (0x16) or alert (0x15) record of version 3.x. */
const isTlsRecord = (head: Buffer): boolean => (head[0] === 0x15 || head[0] === 0x16) && head[1] === 0x03;
