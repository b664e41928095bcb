import { amazonQEndpointsOf } from '../../shared/deployment/channel-grants.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import { type DeployerRow, passRole } from './deployer-rows.ts';

const row = 'channels of amazon-q';

/** Where a channel is Amazon Q's; its service-linked role is made with the account's first one. */
export const channelRowsOf = (context: StackContext): readonly DeployerRow[] =>
  amazonQEndpointsOf(context).length === 0
    ? []
    : [
        {
          row,
          service: 'chatbot',
          actions: `AssociateToConfiguration DeleteSlackChannelConfiguration DisassociateFromConfiguration ListAssociations
            TagResource UntagResource UpdateSlackChannelConfiguration`,
          on: 'amazonQ',
        },
        {
          row,
          service: 'chatbot',
          actions: 'CreateSlackChannelConfiguration DescribeSlackChannelConfigurations ListTagsForResource',
          on: 'any',
        },
        { ...passRole('chatbot'), row },
        {
          row,
          service: 'iam',
          actions: 'CreateServiceLinkedRole',
          on: 'amazonQServiceRole',
          contextEntries: [{ key: 'iam:AWSServiceName', values: ['management.chatbot.amazonaws.com'] }],
        },
      ];
