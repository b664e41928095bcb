import * as platformatic from '@platformatic/kafka';

/** The other client's codec of one version: an independent reading of the same protocol. */
type OtherCodec = {
  readonly createRequest: (...values: never[]) => { readonly buffer: Buffer };
  readonly parseResponse: (...values: never[]) => unknown;
};

export const other = (name: string): OtherCodec => {
  const found: unknown = Reflect.get(platformatic, name);
  // Its modules are typed one by one; the tests give each what it takes.
  return found as OtherCodec;
};

/** The other client at the start of some bytes. */
export const readerOf = (bytes: Buffer): platformatic.Reader => platformatic.Reader.from(bytes);
