import { mostResources } from '../stack/stack.ts';

/** CloudFormation takes a template of 1 MB from S3. */
const mostTemplateKilobytes = 1_000;

/** What one stack takes of CloudFormation's limits. `templateBytes` is the file's size: what is uploaded is never larger. */
export type TemplateSize = { readonly resourceCount: number; readonly templateBytes: number };

/** What is left for more brokers, topics, groups and procedures, for the person who packages. */
export const describeRoom = ({ resourceCount, templateBytes }: TemplateSize): string => {
  const kilobytes = Math.ceil(templateBytes / 1000);
  return `room left: ${mostResources - resourceCount} of ${mostResources} resources, ${mostTemplateKilobytes - kilobytes} of ${mostTemplateKilobytes} KB of template`;
};
