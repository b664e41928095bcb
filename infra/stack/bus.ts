import { busLogicalId, prefixOf, roleLogicalId, type StackContext } from '../../shared/deployment/names.ts';
import {
  getAtt,
  type JsonObject,
  type Resource,
  type Resources,
  ref,
  type Statement,
} from '../../shared/deployment/template.ts';

const busPolicy = (statement: Statement): Resource => ({
  Type: 'AWS::Events::EventBusPolicy',
  Properties: { EventBusName: ref(busLogicalId), StatementId: statement.Sid, Statement: statement },
});

/**
 * Findings, plans and actions. Its readers trust its writers, so nobody else of the account may send: not even by a wide role.
 * Whoever may take statements out of the bus's policy opens it (docs/security.md): EventBridge's guide has no policy of a bus
 * that keeps its own account from that.
 */
export const busResources = (context: StackContext): Resources => {
  const writerArns: readonly JsonObject[] = context.functions
    .filter(({ calls }) => Object.hasOwn(calls, 'events:PutEvents'))
    .map(({ slug }) => getAtt(roleLogicalId(slug), 'Arn'));
  const busArn = getAtt(busLogicalId, 'Arn');
  return {
    [busLogicalId]: {
      Type: 'AWS::Events::EventBus',
      Properties: { Name: prefixOf(context), Description: `What mskeeper found and did at ${context.clusterKey}` },
    },
    BusWriters: busPolicy({
      Sid: 'Writers',
      Effect: 'Allow',
      Principal: { AWS: writerArns },
      Action: ['events:PutEvents'],
      Resource: busArn,
    }),
    BusNobodyElse: busPolicy({
      Sid: 'NobodyElse',
      Effect: 'Deny',
      Principal: '*',
      Action: ['events:PutEvents'],
      Resource: busArn,
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': writerArns } },
    }),
  };
};
