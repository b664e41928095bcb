import { functionDefinitions } from './functions.ts';
import { prefixOf, roleLogicalId, roleNameOf, type StackContext } from './names.ts';
import { statementsOf } from './permissions.ts';
import { policyDocument, type Resources } from './template.ts';

/** A role for each function. */
export const roleResources = (context: StackContext): Resources =>
  Object.fromEntries(
    functionDefinitions.map((definition) => [
      roleLogicalId(definition.slug),
      {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: roleNameOf(context, definition.slug),
          Description: `${prefixOf(context)}: what ${definition.slug} may do`,
          AssumeRolePolicyDocument: policyDocument([
            {
              Sid: 'Lambda',
              Effect: 'Allow',
              Principal: { Service: 'lambda.amazonaws.com' },
              Action: ['sts:AssumeRole'],
            },
          ]),
          Policies: [
            { PolicyName: definition.slug, PolicyDocument: policyDocument(statementsOf(context, definition)) },
          ],
        },
      },
    ]),
  );
