import * as z from 'zod';
import { type Policy, parsePolicy } from '../../iam/policy.ts';
import type { ResourceRequest } from '../../template/resource.ts';
import { parseReference } from './function-registry.ts';

const permission = z.strictObject({
  FunctionName: z.string(),
  Action: z.string().startsWith('lambda:'),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

/** One statement of a function's resource policy. */
export type FunctionPermission = { readonly resourceArn: string; readonly policy: Policy };

/**
 * Reads AWS::Lambda::Permission: who may invoke, under which source. A permission on a function doesn't cover its
 * aliases and versions, as on AWS.
 *
 * @throws ZodError naming the property
 */
export function readPermission(resource: ResourceRequest): FunctionPermission {
  const properties = permission.parse(resource.properties);
  const { name, qualifier } = parseReference(properties.FunctionName);
  const functionArn = `arn:aws:lambda:${resource.region}:${resource.accountId}:function:${name}`;
  const resourceArn = qualifier === undefined ? functionArn : `${functionArn}:${qualifier}`;
  const isService = properties.Principal.includes('.');
  const policy = parsePolicy({
    Statement: [
      {
        Sid: resource.logicalId,
        Effect: 'Allow',
        Principal: properties.Principal === '*' ? '*' : { [isService ? 'Service' : 'AWS']: properties.Principal },
        Action: properties.Action,
        Resource: resourceArn,
        Condition: {
          ...(properties.SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': properties.SourceArn } }),
          ...(properties.SourceAccount === undefined
            ? {}
            : { StringEquals: { 'aws:SourceAccount': properties.SourceAccount } }),
        },
      },
    ],
  });
  return { resourceArn, policy };
}
