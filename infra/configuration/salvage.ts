import type * as z from 'zod';
import type { SalvagedCluster } from './check-clusters.ts';
import { type ConfigurationFile, clusterFileSchema, type FileSchema, fileSchema } from './file-schema.ts';

type Salvaged<Shape extends z.ZodRawShape> = { readonly [Key in keyof Shape]?: z.infer<Shape[Key]> };

/** Parses each setting by itself, so that one wrong setting hides no mistake in another. */
const salvageFields = <Shape extends z.ZodRawShape>(shape: Shape, data: unknown): Salvaged<Shape> => {
  const fields = typeof data === 'object' && data !== null ? new Map(Object.entries(data)) : new Map();
  const parsed = Object.entries(shape).flatMap(([key, schema]) => {
    const result = (schema as z.ZodType).safeParse(fields.get(key));
    return result.success && result.data !== undefined ? [[key, result.data]] : [];
  });
  // Each value was parsed by the schema of its own key, which fromEntries can't tell.
  return Object.fromEntries(parsed) as Salvaged<Shape>;
};

export type SalvagedFile = Omit<Salvaged<FileSchema['shape']>, 'clusters' | 'maintenanceWindows'> & {
  readonly clusters: Readonly<Record<string, SalvagedCluster>>;
  /** At their own index; undefined where an item is wrong. */
  readonly maintenanceWindows: readonly (ConfigurationFile['maintenanceWindows'][number] | undefined)[];
};

const readField = (data: unknown, key: string): unknown =>
  typeof data === 'object' && data !== null ? Object.getOwnPropertyDescriptor(data, key)?.value : undefined;

/** What can be read of a file, however wrong the rest is. */
export const salvage = (data: unknown, schema: FileSchema = fileSchema): SalvagedFile => {
  const clusters: unknown = readField(data, 'clusters');
  const windows: unknown = readField(data, 'maintenanceWindows');
  const windowSchema = schema.shape.maintenanceWindows.unwrap().element;
  return {
    ...salvageFields(schema.shape, data),
    clusters: Object.fromEntries(
      typeof clusters === 'object' && clusters !== null
        ? Object.entries(clusters).map(([key, cluster]) => [
            key,
            typeof cluster === 'object' && cluster !== null ? salvageFields(clusterFileSchema.shape, cluster) : {},
          ])
        : [],
    ),
    maintenanceWindows: Array.isArray(windows) ? windows.map((window) => windowSchema.safeParse(window).data) : [],
  };
};
