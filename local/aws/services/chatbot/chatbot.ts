import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';
import type { Notification } from '../sns/notification.ts';
import type { Sns } from '../sns/sns.ts';
import { type Channel, channelProperties } from './channel.ts';
import { type Reading, readChatMessage } from './reading.ts';

/** A message as a Slack channel shows it. A reply stands in the thread that the first message of its `threadId` opened. */
type ShownMessage = Exclude<Reading, { kind: 'dropped' }> &
  Pick<Channel, 'configurationName' | 'channelId'> & { readonly isReply: boolean; readonly atMs: number };

/** Amazon Q Developer in chat applications, once AWS Chatbot: topics on one side, Slack channels on the other. */
export type Chatbot = {
  readonly shown: readonly ShownMessage[];
  /** What it did not show: on AWS only its own log tells, where the configuration asks for one. */
  readonly dropped: readonly { readonly channelId: string; readonly why: string; readonly message: string }[];
  /** Nobody has authorised the workspace, or somebody took it back: configurations for it are refused from now on. */
  withdrawWorkspace(workspaceId: string): void;
  /** As `@Amazon Q preferences` can: updates are no longer put into threads. */
  forbidThreads(channelId: string): void;
};

/** Where it is subscribed to topics; one address for all accounts. */
const endpoint = 'https://global.sns-api.chatbot.amazonaws.com';

/** Adds `AWS::Chatbot::SlackChannelConfiguration` to the world. Every workspace is taken to be authorised already. */
export function createChatbot(world: AwsWorld, sns: Pick<Sns, 'subscribeService' | 'onHttps'>): Chatbot {
  const channels: Channel[] = [];
  const withdrawn = new Set<string>();
  const withoutThreads = new Set<string>();
  const shown: ShownMessage[] = [];
  const dropped: { channelId: string; why: string; message: string }[] = [];

  const show = ({ configurationName, channelId }: Channel, { message, atMs }: Notification): void => {
    const reading = readChatMessage(message);
    if (reading.kind === 'dropped') {
      dropped.push({ channelId, why: reading.why, message });
      return;
    }
    const { threadId } = reading;
    const isReply =
      threadId !== undefined &&
      !withoutThreads.has(channelId) &&
      shown.some((before) => before.channelId === channelId && before.threadId === threadId);
    shown.push({ ...reading, configurationName, channelId, isReply, atMs });
  };
  sns.onHttps(endpoint, (notification) => {
    for (const channel of channels) if (channel.topicArns.includes(notification.topicArn)) show(channel, notification);
  });

  world.addCreator('AWS::Chatbot::SlackChannelConfiguration', ({ properties, accountId }) => {
    const read = channelProperties.parse(properties);
    const { ConfigurationName: configurationName, SlackWorkspaceId: workspaceId, SnsTopicArns: topicArns } = read;
    if (withdrawn.has(workspaceId)) {
      const message = `AWS Chatbot can't create the configuration because Slack workspace ${workspaceId} is not authorized with AWS account ${accountId}.`;
      throw new AwsError('InvalidRequestException', 400, message);
    }
    if (channels.some((channel) => channel.configurationName === configurationName)) {
      throw new AwsError('ConflictException', 409, `The configuration ${configurationName} exists already.`);
    }
    // Whatever the Region, and whatever it is called (aws-cloudformation/cloudformation-coverage-roadmap #1155).
    const isConfigured = ({ channelId, ...one }: Channel): boolean =>
      one.accountId === accountId && one.workspaceId === workspaceId && channelId === read.SlackChannelId;
    if (channels.some(isConfigured)) {
      const message = `Slack channel with ID ${read.SlackChannelId} in Slack team ${workspaceId} has already been configured for AWS account ${accountId}.`;
      throw new AwsError('InvalidRequestException', 400, message);
    }
    for (const topicArn of topicArns) sns.subscribeService(topicArn, endpoint);
    channels.push({ accountId, configurationName, workspaceId, channelId: read.SlackChannelId, topicArns });
    const arn = `arn:aws:chatbot::${accountId}:chat-configuration/slack-channel/${configurationName}`;
    return { ref: arn, attributes: { Arn: arn } };
  });

  return {
    shown,
    dropped,
    withdrawWorkspace: (workspaceId) => void withdrawn.add(workspaceId),
    forbidThreads: (channelId) => void withoutThreads.add(channelId),
  };
}
