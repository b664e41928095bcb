import { policyDocument, type Resources } from '../../../shared/deployment/template.ts';
import type { JudgeFinding } from './finding.ts';

/** Faults that every judge must find, or it is asleep and its silence about our own templates proves nothing. */
export const plantedResources: Resources = {
  PlantedQueue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'planted', VisibilityTimeout: 43_201 } },
  PlantedRole: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: policyDocument([
        { Sid: 'Lambda', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: ['sts:AssumeRole'] },
      ]),
      Policies: [
        {
          PolicyName: 'planted',
          PolicyDocument: policyDocument([
            { Sid: 'ATypingError', Effect: 'Allow', Action: ['s3:PutObjekt'], Resource: '*' },
            { Sid: 'TooMuch', Effect: 'Allow', Action: ['s3:PutObject'], Resource: '*' },
          ]),
        },
      ],
    },
  },
};

export const plantedFindings: readonly JudgeFinding[] = [
  { judge: 'cfn-lint', check: 'E3034', subject: 'PlantedQueue: VisibilityTimeout' },
  { judge: 'checkov', check: 'CKV_AWS_27', subject: 'AWS::SQS::Queue.PlantedQueue' },
  { judge: 'checkov', check: 'CKV_AWS_111', subject: 'AWS::IAM::Role.PlantedRole' },
  { judge: 'parliament', check: 'UNKNOWN_ACTION', subject: 'PlantedRole: Unknown action s3:PutObjekt' },
  { judge: 'parliament', check: 'RESOURCE_STAR', subject: 'PlantedRole: s3:PutObject' },
];
