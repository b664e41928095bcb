/** Nobody listens on the discard port: the secret is read before anybody is asked for anything. */
export const addressOfNobody = '127.0.0.1:9';

/** A look of kafka-read's that comes as far as its secret. */
export const lookAtNobody = {
  version: 1,
  operation: 'look',
  bootstrapServers: [addressOfNobody],
  withinMs: 10_000,
  request: {
    groups: false,
    commits: false,
    ends: 'none',
    logDirectories: false,
    topicSettings: [],
    expectedBrokerIds: [1],
  },
};
