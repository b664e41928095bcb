import { ConfigError } from '../../shared/core/errors.ts';
import { mostResources } from '../stack/stack.ts';

/** CloudFormation takes a template of 1 MB from S3 (its guide's quotas); whether that is of 1,000 or of 1,024, the guide does not say. */
export const mostTemplateBytes = 1_000_000;

/** What one stack takes of CloudFormation's limits. `templateBytes` is the file's size, and the file is what is uploaded. */
export type TemplateSize = { readonly resourceCount: number; readonly templateBytes: number };

const kilobytesOf = (bytes: number): number => Math.ceil(bytes / 1000);

/**
 * Refuses what AWS would refuse in the middle of a deployment.
 *
 * @throws ConfigError for a template with more resources or bytes than CloudFormation takes
 */
export const requireRoom = (clusterKey: string, { resourceCount, templateBytes }: TemplateSize): void => {
  const tooMuch = [
    resourceCount > mostResources && `${resourceCount} resources, CloudFormation allows ${mostResources}`,
    templateBytes > mostTemplateBytes &&
      `${kilobytesOf(templateBytes)} KB, CloudFormation takes ${kilobytesOf(mostTemplateBytes)}`,
  ].filter((one) => one !== false);
  if (tooMuch.length === 0) return;
  throw new ConfigError(
    `the template of "${clusterKey}" has ${tooMuch.join(' and ')}. Name fewer topics and groups letter by letter, since ` +
      'each pair of them has alarms of its own, or fewer critical numbers in policy.limits',
  );
};

/** What is left for more brokers, topics, groups and procedures, for the person who packages. */
export const describeRoom = ({ resourceCount, templateBytes }: TemplateSize): string => {
  const most = kilobytesOf(mostTemplateBytes);
  return `room left: ${mostResources - resourceCount} of ${mostResources} resources, ${most - kilobytesOf(templateBytes)} of ${most} KB of template`;
};
