/** Above what any answer to our requests needs; an HTTP or TLS answer read as a length is far above it. */
const maximumFrameBytes = 64 * 1024 * 1024;

const lengthBytes = 4;
const correlationBytes = 4;
/** A request's length, API key and API version stand before its correlation id. */
const correlationOffsetInRequest = 8;

/** `violation` is what the bytes broke; `isTls` where they begin like a TLS record. */
export type FrameVerdict =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly violation: string; readonly isTls: boolean };

const accepted: FrameVerdict = { accepted: true };

/**
 * Watches a connection's bytes before kafkajs sees them, and refuses what would make kafkajs wait for gigabytes, throw
 * outside of any promise, or drop an answer in silence: absurd lengths, and answers to questions never asked.
 *
 * One guard serves one connection; bytes come in the order of the socket.
 */
export class FrameGuard {
  readonly #askedIds = new Set<number>();
  /** The first bytes of a frame that is not judged yet. */
  #head: Buffer = Buffer.alloc(0);
  #bytesLeftInFrame = 0;

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
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#bytesLeftInFrame > 0) {
        const taken = Math.min(this.#bytesLeftInFrame, rest.length);
        this.#bytesLeftInFrame -= taken;
        rest = rest.subarray(taken);
        continue;
      }
      this.#head = this.#head.length === 0 ? rest : Buffer.concat([this.#head, rest]);
      const verdict = this.#judgeHead();
      if (verdict === undefined) return accepted;
      if (!verdict.accepted) return verdict;
      rest = this.#head.subarray(lengthBytes + correlationBytes);
      this.#head = Buffer.alloc(0);
    }
    return accepted;
  }

  /** Undefined while too few bytes are there. */
  #judgeHead(): FrameVerdict | undefined {
    const head = this.#head;
    if (head.length < lengthBytes) return undefined;
    const length = head.readInt32BE(0);
    if (length < correlationBytes || length > maximumFrameBytes) {
      const violation = `an answer that claims ${length} bytes (it begins with 0x${head.toString('hex', 0, lengthBytes)})`;
      return { accepted: false, violation, isTls: isTlsRecord(head) };
    }
    if (head.length < lengthBytes + correlationBytes) return undefined;
    const id = head.readInt32BE(lengthBytes);
    if (!this.#askedIds.delete(id)) {
      return { accepted: false, violation: `an answer to request ${id}, which was not sent`, isTls: false };
    }
    this.#bytesLeftInFrame = length - correlationBytes;
    return accepted;
  }
}

/** A TLS handshake (0x16) or alert (0x15) record of version 3.x. */
const isTlsRecord = (head: Buffer): boolean => (head[0] === 0x15 || head[0] === 0x16) && head[1] === 0x03;
