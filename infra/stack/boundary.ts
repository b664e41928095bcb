import type { StackContext } from '../../shared/deployment/names.ts';
import type { Resource, Resources } from '../../shared/deployment/template.ts';

/** The same resources, every role under the boundary that the configuration names. */
export const bounded = ({ cluster }: StackContext, resources: Resources): Resources => {
  const PermissionsBoundary = cluster.stack?.permissionsBoundary;
  if (PermissionsBoundary === undefined) return resources;
  return Object.fromEntries(
    Object.entries(resources).map(([logicalId, resource]): [string, Resource] => [
      logicalId,
      resource.Type === 'AWS::IAM::Role'
        ? { ...resource, Properties: { ...resource.Properties, PermissionsBoundary } }
        : resource,
    ]),
  );
};
