import { prefixOf, roleLogicalId, roleNameOf, type StackContext } from '../../shared/deployment/names.ts';
import { resourcesOf } from '../../shared/deployment/resources.ts';
import { policyDocument, type Resources } from '../../shared/deployment/template.ts';
import { statementsOf } from './permissions.ts';

/** A role for each function. */
export const roleResources = (context: StackContext): Resources =>
  resourcesOf(
    context.functions.map((definition) => [
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
