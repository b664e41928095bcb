import { entriesOf } from '../shared/aws/answer.ts';

/** An entry of the list that names no object: what it stands for is not to be read. */
const keyless = '(an entry without a key)';

/** Keys of a page of ListObjectsV2, one for each entry. */
export const keysOf = (contents: readonly { readonly Key?: string | undefined }[] | undefined): readonly string[] =>
  entriesOf(contents).map(({ Key }) => Key || keyless);

export const isKeyless = (key: string): boolean => key === keyless;

/** What is told in place of the document of such an entry. */
export const keylessEntry = { key: keyless, message: 'S3 lists it without its key' } as const;
