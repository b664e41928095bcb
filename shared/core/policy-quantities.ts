/** What a policy may name a number for. A preset may leave out any of them. */

/** Bad above the limit. `memoryUsedPercent` is a ratio that we compute: MSK's `MemoryUsed` is bytes. */
export const limitedQuantities = [
  'diskUsedPercent',
  'diskIoPercent',
  'cpuUsedPercent',
  'memoryUsedPercent',
  'heapAfterGcPercent',
  'gcCount',
  'networkUsedPercent',
  'brokersUnreachable',
  'offlinePartitions',
  'underReplicatedPartitions',
  'underMinIsrPartitions',
  'lagMessages',
  'averageLagMessages',
  'lagSeconds',
  'backupLagMessages',
  'latencyP95Ms',
  'latencyP99Ms',
  'producerRequestMs',
  'producerErrorPercent',
  'messagesInPerSecond',
  'messagesPerDay',
  'throughputGrowthPercent',
  'partitionsPerBroker',
  'partitionsPerConsumer',
] as const;
export type LimitedQuantity = (typeof limitedQuantities)[number];

/** Bad below the limit. */
export const flooredQuantities = [
  'availabilityPercent',
  'requestHandlerIdlePercent',
  'messagesInPerSecond',
  'topicMessagesInPerSecond',
  'topicBytesInPerSecond',
] as const;
export type FlooredQuantity = (typeof flooredQuantities)[number];

/** What asks for more brokers, larger ones, more storage or (lag) more consumers: `warning` asks, `critical` urges. */
export const scalingQuantities = [
  'diskUsedPercent',
  'cpuUsedPercent',
  'memoryUsedPercent',
  'networkUsedPercent',
  'messagesInPerSecond',
  'lagMessages',
] as const;
export type ScalingQuantity = (typeof scalingQuantities)[number];
