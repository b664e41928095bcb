import { clusterClaimNameOf, prefixOf, type StackContext } from '../../shared/deployment/names.ts';
import { type Resources, ref } from '../../shared/deployment/template.ts';

/**
 * One stack keeps one cluster: two would each have a budget of acts of their own. The parameter's name follows from the
 * cluster's ARN alone, so that CloudFormation itself refuses a second stack, whatever file, key or stage it came from; it goes
 * with the stack, also when its first deploy is rolled back. The door reads it before each act. A tag on the cluster could be
 * written over by anybody who may tag, and by the second stack; a document in the bucket no other stack would see.
 */
export const clusterClaimResources = (context: StackContext): Resources => ({
  ClusterClaim: {
    Type: 'AWS::SSM::Parameter',
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: {
      Name: clusterClaimNameOf(context),
      Type: 'String',
      Value: ref('AWS::StackId'),
      Description: `The stack that keeps this cluster: ${prefixOf(context)}`,
    },
  },
});
