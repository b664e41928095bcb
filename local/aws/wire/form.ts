import { FromStringShapeDeserializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';

/** A form's fields as a tree: `Entries.member.1.Id=a` is `{Entries: {member: {1: {Id: 'a'}}}}`. */
type Tree = { text?: string; readonly children: Map<string, Tree> };

const TIMESTAMPS = { timestampFormat: { useTrait: true, default: 5 as const }, httpBindings: false };

/**
 * Reads a query-protocol form by schema; the SDK has only the writing half.
 * Lists are `Name.member.N`, maps `Name.entry.N.key` and `.value`; a member's `xmlName` replaces its name.
 * Source: Smithy specification, "AWS query protocol".
 */
export function readForm(schema: NormalizedSchema, body: string): Record<string, unknown> {
  const root: Tree = { children: new Map() };
  for (const [path, text] of new URLSearchParams(body)) {
    let node = root;
    for (const part of path.split('.')) {
      const child = node.children.get(part) ?? { children: new Map() };
      node.children.set(part, child);
      node = child;
    }
    node.text = text;
  }
  return readStruct(schema, root);
}

function readStruct(schema: NormalizedSchema, tree: Tree): Record<string, unknown> {
  const struct: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = tree.children.get(member.getMergedTraits().xmlName ?? name);
    if (child) struct[name] = readValue(member, child);
  }
  return struct;
}

function readValue(schema: NormalizedSchema, tree: Tree): unknown {
  if (schema.isStructSchema()) return readStruct(schema, tree);
  const traits = schema.getMergedTraits();
  if (schema.isListSchema()) {
    const member = schema.getValueSchema();
    const items = traits.xmlFlattened ? tree : tree.children.get(member.getMergedTraits().xmlName ?? 'member');
    return numbered(items).map((item) => readValue(member, item));
  }
  if (schema.isMapSchema()) {
    const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? 'key';
    const valueName = schema.getValueSchema().getMergedTraits().xmlName ?? 'value';
    const entries = numbered(traits.xmlFlattened ? tree : tree.children.get('entry')).map((entry) => {
      const value = entry.children.get(valueName) ?? { children: new Map() };
      return [entry.children.get(keyName)?.text ?? '', readValue(schema.getValueSchema(), value)] as const;
    });
    return Object.fromEntries(entries);
  }
  return new FromStringShapeDeserializer(TIMESTAMPS).read(schema, tree.text ?? '');
}

function numbered(tree: Tree | undefined): readonly Tree[] {
  return [...(tree?.children ?? [])].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}
