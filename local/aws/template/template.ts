import { isRecord, TemplateError } from './intrinsics.ts';

export type TemplateResource = {
  readonly type: string;
  readonly properties: unknown;
  readonly condition: string | undefined;
  readonly dependsOn: readonly string[];
};

/** A template's sections, still with their intrinsic functions. */
export type Template = {
  readonly parameters: Readonly<Record<string, { readonly defaultValue: unknown; readonly isList: boolean }>>;
  readonly mappings: Readonly<Record<string, unknown>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly outputs: Readonly<Record<string, { readonly value: unknown; readonly condition: string | undefined }>>;
};

/**
 * Reads a template as `serverless package` leaves it.
 * @throws TemplateError for a section that the stand-in would have to ignore (Transform, macros).
 */
export function readTemplate(document: unknown): Template {
  if (!isRecord(document)) throw new TemplateError('the template is not an object');
  const known = 'AWSTemplateFormatVersion Description Metadata Parameters Mappings Conditions Resources Outputs'.split(
    ' ',
  );
  const unknownSection = Object.keys(document).find((section) => !known.includes(section));
  if (unknownSection) throw new TemplateError(`the template section ${unknownSection} is not supported`);
  return {
    parameters: mapValues(document.Parameters, (parameter) => ({
      defaultValue: parameter.Default,
      isList: /^(CommaDelimitedList|List<)/.test(String(parameter.Type)),
    })),
    mappings: isRecord(document.Mappings) ? document.Mappings : {},
    conditions: isRecord(document.Conditions) ? document.Conditions : {},
    resources: mapValues(document.Resources, (resource) => ({
      type: String(resource.Type),
      properties: resource.Properties ?? {},
      condition: resource.Condition === undefined ? undefined : String(resource.Condition),
      dependsOn: [resource.DependsOn ?? []].flat().map(String),
    })),
    outputs: mapValues(document.Outputs, (output) => ({
      value: output.Value,
      condition: output.Condition === undefined ? undefined : String(output.Condition),
    })),
  };
}

function mapValues<Value>(section: unknown, read: (entry: Record<string, unknown>) => Value): Record<string, Value> {
  if (section === undefined) return {};
  if (!isRecord(section)) throw new TemplateError('a section of the template is not an object');
  return Object.fromEntries(
    Object.entries(section).map(([name, entry]) => {
      if (!isRecord(entry)) throw new TemplateError(`${name} is not an object`);
      return [name, read(entry)];
    }),
  );
}
