import * as z from 'zod';

/**
 * Block Kit, as far as a message needs it. Each limit is Slack's own word in its block reference; a field that nobody knows
 * is refused, as Slack refuses it.
 */
const most = (count: number) => `no more than ${count} items allowed`;
const shorter = (count: number) => `must be less than ${count + 1} characters`;
const words = (longest: number) =>
  z.string('must be a string').min(1, 'must be more than 0 characters').max(longest, shorter(longest));
const blockId = z.string().max(255, shorter(255)).optional();

const plainText = (longest: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: words(longest), emoji: z.boolean().optional() });
const markedText = (longest: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: words(longest), verbatim: z.boolean().optional() });
const anyText = (longest: number) => z.discriminatedUnion('type', [plainText(longest), markedText(longest)]);

const address = z.url('must be a valid URL').max(3000, shorter(3000));
const imageElement = z.strictObject({ type: z.literal('image'), image_url: address, alt_text: words(2000) });
const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: z.string().max(255, shorter(255)).optional(),
  url: address.optional(),
  value: z.string().max(2000, shorter(2000)).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id: blockId,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1, 'must provide at least 1 item').max(10, most(10)).optional(),
    accessory: z.discriminatedUnion('type', [button, imageElement]).optional(),
    expand: z.boolean().optional(),
  })
  .refine(({ text, fields }) => text !== undefined || fields !== undefined, 'missing required field: text');

const block = z.discriminatedUnion(
  'type',
  [
    section,
    z.strictObject({ type: z.literal('header'), block_id: blockId, text: plainText(150) }),
    z.strictObject({ type: z.literal('divider'), block_id: blockId }),
    z.strictObject({
      type: z.literal('context'),
      block_id: blockId,
      elements: z
        .array(z.discriminatedUnion('type', [plainText(3000), markedText(3000), imageElement]))
        .min(1, 'must provide at least 1 item')
        .max(10, most(10)),
    }),
    z.strictObject({
      type: z.literal('actions'),
      block_id: blockId,
      elements: z
        .array(z.discriminatedUnion('type', [button]))
        .min(1, 'must provide at least 1 item')
        .max(25, most(25)),
    }),
    z.strictObject({
      type: z.literal('image'),
      block_id: blockId,
      image_url: address,
      alt_text: words(2000),
      title: plainText(2000).optional(),
    }),
  ],
  'unsupported type',
);

const blocks = z.array(block).max(50, most(50));
export type Block = z.infer<typeof block>;

/**
 * All letters of a message's blocks together, with something for each block. Undocumented; people measured 13,297 letters in one
 * block, 125 less with a divider beside it, and refusals from 11,341 on in deeper ones (bolt-js #2509, #2867).
 */
const mostLetters = 12_000;
const lettersPerBlock = 125;

type ReadBlocks =
  | { readonly blocks: readonly Block[] }
  | {
      readonly error: 'invalid_blocks_format' | 'invalid_blocks' | 'msg_blocks_too_long';
      readonly problems: readonly string[];
    };

/** A message's blocks, or Slack's word for what is wrong and a sentence for each place. */
export function readBlocks(value: unknown): ReadBlocks {
  if (!Array.isArray(value)) return { error: 'invalid_blocks_format', problems: [] };
  const { data, error } = blocks.safeParse(value);
  if (error !== undefined) {
    const problems = error.issues.map(
      ({ path, message }) => `${message} [json-pointer:${['', 'blocks', ...path].join('/')}]`,
    );
    return { error: 'invalid_blocks', problems };
  }
  const letters = data.reduce((sum, one) => sum + lettersPerBlock + lettersIn(one), 0);
  return letters > mostLetters ? { error: 'msg_blocks_too_long', problems: [] } : { blocks: data };
}

/** Every `text` that is shown, however deep. */
function lettersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, inner]) => sum + (name === 'text' && typeof inner === 'string' ? inner.length : lettersIn(inner)),
    0,
  );
}
