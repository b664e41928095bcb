import { type AlarmRow, alarmTable, type LookRow, lookTable } from './alarm-row.ts';

/**
 * What each alarm must be, written down from the sources and not from the code. I, H and 6 are rows and corrections of
 * RUNBOOK, §1 and §7 its tables; MSK is the developer guide's tables of metrics; AWS is its advice on alarms; "ours" is
 * what nobody names, with the reason.
 *
 * Silence of a broker's metric is `missing`, unknown (6, 13), where the guide says that the metric is there while the
 * cluster is ACTIVE: then silence is the broker's own, which is restarting or dead, and BrokersUnreachable tells that.
 * Its price, by CloudWatch's own rule: one breaching minute right before the silence opens the alarm once the window has
 * passed. `ignore` would not, but would go on showing a dead broker as it last was.
 */

/** Alike for every preset, on three Standard brokers with KRaft. */
export const commonRows = alarmTable(`
brokers-unreachable critical | BrokersUnreachable Maximum | > 0 | 1 of 1 × 60 s | ignore | H2, §1 broker failure is P1; I9 1–2 min: ours, one verdict, since the check asks twice and speaks every 5 min, and its word stands till the next
brokers-unreachable emergency | BrokersUnreachable Maximum | > 2 | 1 of 1 × 60 s | ignore | §1 an offline cluster is P0: all three
no-controller warning | ActiveControllerCount Maximum | < 1 | 5 of 5 × 60 s | notBreaching | 6, 5 Maximum, and no proof on KRaft; AWS 5 min; ours, severity and silence: MSK's KRaft controllers are no brokers and may never report
offline-partitions emergency | OfflinePartitionsCount Maximum | > 0 | 1 of 1 × 60 s | missing | §1 P0; I9 1 min; 6, 5 Maximum
under-min-isr critical | MAX(3 × UnderMinIsrPartitionCount Maximum) | > 0 | 1 of 1 × 60 s | missing | AWS ≥ 1 for 1 min, since acks=all writes fail; ours, severity: as the producer errors that 6, 2 lets it stand for
not-flowing warning | SUM(3 × MessagesInPerSec Average) | < 10 | 10 of 10 × 60 s | breaching | H10; the topic's own 600 a minute; ours, 10 min: one quiet minute wakes nobody; MSK: no metric before the first record
runs-ended-badly critical durable-runs | SUM(2 × DurableExecutionFailed Sum and DurableExecutionTimedOut Sum) | > 0 | 1 of 1 × 60 s | notBreaching | AWS, Monitoring durable functions: its metrics, and no destination; ours, severity: a run that acted and is watched by nobody
errors warning durable-runs | SUM(1 × Errors Sum) | ≥ 1 | 2 of 3 × 300 s | notBreaching | ours: a dead invocation of a durable run is begun again, so that no queue hears it; two in a quarter of an hour are not chance
queue-not-empty warning failed-runs | ApproximateNumberOfMessagesVisible Maximum | ≥ 1 | 1 of 1 × 300 s | notBreaching | ours: one lost run is one too many, and every other function's errors, throttles and time-outs end here (AWS, asynchronous invocation); SQS is silent about a queue that nobody uses
queue-not-empty warning undelivered-schedules | ApproximateNumberOfMessagesVisible Maximum | ≥ 1 | 1 of 1 × 300 s | notBreaching | ours, as above
queue-not-empty warning undelivered-alarms | ApproximateNumberOfMessagesVisible Maximum | ≥ 1 | 1 of 1 × 300 s | notBreaching | ours, as above
heartbeat critical cluster-health-light | FILL(ScheduledRunCompleted Maximum, 0) | < 1 | 3 of 3 × 300 s | breaching | H2 every few minutes; ours: three runs of rate(5 minutes) missed; a full run is a light one and more; a heartbeat's silence is what it listens for
`);

/** The daily check's heartbeat: a day, the 25th hour when clocks change, and two hours for a late run. */
const oneRunADay = alarmTable(`
heartbeat warning cluster-health-full | FILL(ScheduledRunCompleted Maximum, 0) | < 2 | 27 of 27 × 3600 s | breaching | H1 daily; ours, the margin
`);

const mskOperations = alarmTable(`
disk warning | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 80 | 1 of 16 × 60 s | ignore | C5 at 80 %, §7 A names no time; ours, 15 min more to look back on: MSK restarts a broker in 15 min at most, and a full disk is full meanwhile; 6, 8 all volumes grow together, so the fullest counts; ours, silence and severity as disk-used
disk-used critical | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 85 | 15 of 30 × 60 s | ignore | §7 A 85; I9 15 min; silence as above
cpu-used critical | MAX(3 × CpuUser Average + CpuSystem Average) | > 90 | 5 of 5 × 60 s | missing | §7 A 90; the rest as above
under-replicated critical | MAX(3 × UnderReplicatedPartitions Maximum) | > 0 | 5 of 5 × 60 s | missing | §7 A more than 0 is P1; I9 5 min, before AWS's 15; 6, 5 per broker
lag-seconds warning | EstimatedMaxTimeLag Maximum | > 60 | 5 of 5 × 60 s | missing | §7 A 1 min; 6, 1 seconds; I9 5 min of lag, before AWS's 15; MSK: silent while a group rebalances, which is not well
lag-seconds critical | EstimatedMaxTimeLag Maximum | > 300 | 5 of 5 × 60 s | missing | §7 A 5 min; the rest as above
`);

const dailyProcedures = alarmTable(`
disk-used critical | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 90 | 15 of 30 × 60 s | ignore | §7 B 90; I9 15 min
heap-after-gc critical | MAX(3 × HeapMemoryAfterGC Maximum) | > 85 | 15 of 15 × 60 s | missing | §7 B 85; AWS 15 min
under-replicated critical | MAX(3 × UnderReplicatedPartitions Maximum) | > 0 | 5 of 5 × 60 s | missing | §7 B 0, 5 min critical
lag-messages warning | SumOffsetLag Maximum | > 10000 | 5 of 5 × 60 s | missing | §7 B 10 000; I9 5 min; a group's whole lag on a topic: ours, B says just lag
lag-messages critical | SumOffsetLag Maximum | > 50000 | 5 of 5 × 60 s | missing | §7 B and I9, 50 000 for 5 min
low-throughput warning | SUM(3 × MessagesInPerSec Average) | < 50000 | 10 of 10 × 60 s | missing | §7 B 50 000 in all; ours, 10 min: one quiet minute wakes nobody; a whole silent cluster is unknown
low-traffic warning | SUM(3 × MessagesInPerSec Average) | < 1000 | 10 of 10 × 60 s | breaching | I9 a topic's 1 000; ours, 10 min; MSK: no metric before the first record
low-bytes warning | SUM(3 × BytesInPerSec Average) | < 10000000 | 10 of 10 × 60 s | breaching | I9 a topic's 10 MB; the rest as above
`);

const messageBroker = alarmTable(`
disk warning | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 75 | 30 of 45 × 60 s | ignore | §7 C scale at 75 for 30 min; the rest as in A
disk-used critical | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 90 | 15 of 30 × 60 s | ignore | §7 C its rule, 90 for 15 min
under-replicated critical | MAX(3 × UnderReplicatedPartitions Maximum) | > 0 | 15 of 15 × 60 s | missing | §7 C, I9 15 min critical; its own rule says 5
lag-messages warning | SumOffsetLag Maximum | > 10000 | 10 of 10 × 60 s | missing | §7 C 10 k, its rule warns after 10 min
lag-messages critical | SumOffsetLag Maximum | > 100000 | 10 of 10 × 60 s | missing | §7 C and I9, 100 k for 10 min
high-throughput warning | SUM(3 × MessagesInPerSec Average) | > 10000 | 15 of 15 × 60 s | missing | §7 C and I9, 10 000 for 15 min
`);

const performanceTuning = alarmTable(`
disk warning | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 70 | 1 of 16 × 60 s | ignore | §7 D scale 70 / 80: the first asks, the second only urges; the rest as in A
disk-used critical | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 85 | 15 of 30 × 60 s | ignore | §7 D 85; I9 15 min
disk-used emergency | MAX(FILL(3 × KafkaDataLogsDiskUsed Maximum, REPEAT)) | > 95 | 1 of 16 × 60 s | ignore | §7 D 95; ours, at once: a full disk takes its broker with it
cpu-used critical | MAX(3 × CpuUser Average + CpuSystem Average) | > 80 | 5 of 5 × 60 s | missing | §7 D 80; AWS 5 min
cpu-used emergency | MAX(3 × CpuUser Average + CpuSystem Average) | > 95 | 5 of 5 × 60 s | missing | §7 D 95; AWS 5 min
under-replicated critical | MAX(3 × UnderReplicatedPartitions Maximum) | > 10 | 5 of 5 × 60 s | missing | §7 D more than 10 is critical; I9 5 min: its 15 are C's, for any one partition
lag-messages warning | SumOffsetLag Maximum | > 10000 | 5 of 5 × 60 s | missing | §7 D 10 000; I9 5 min
lag-messages critical | SumOffsetLag Maximum | > 50000 | 5 of 5 × 60 s | missing | §7 D and I9, 50 000 for 5 min
high-throughput warning | SUM(3 × MessagesInPerSec Average) | > 800 | 15 of 15 × 60 s | missing | §7 D 800; I9 15 min
high-throughput critical | SUM(3 × MessagesInPerSec Average) | > 900 | 15 of 15 × 60 s | missing | §7 D 900; I9 15 min
`);

/** What each preset adds to the common rows, the heartbeat of its own daily schedule included. */
export const rowsByPreset: Readonly<Record<string, readonly AlarmRow[]>> = {
  'msk-operations': [...mskOperations, ...oneRunADay],
  'daily-procedures': [...dailyProcedures, ...oneRunADay],
  'message-broker': [...messageBroker, ...oneRunADay],
  'performance-tuning': [...performanceTuning, ...oneRunADay],
};

/**
 * What has no alarm and is judged by cluster-health, every half hour and over every minute since: the number, its time and
 * its source. A warning's answer is due within the hour (RUNBOOK section 1); memory is a weak signal (6, 3).
 */
export const lookRowsByPreset: Readonly<Record<string, readonly LookRow[]>> = {
  'msk-operations': lookTable(`
slow-producers warning | > 500 | 10 min | I9; ours, severity: it names none
disk-used warning | > 80 | 10 min | §7 A 80; I9 10 min; ours, silence: a disk does not empty while its broker is silent
cpu-used warning | > 70 | 5 min | §7 A 70; 6, 4 user + system; AWS Average for 5 min
memory-used warning | > 80 | 5 min | §7 A 80; 6, 3 bytes, so a ratio; ours, 5 min: as CPU
memory-used critical | > 90 | 5 min | §7 A 90; the rest as above
heap-after-gc warning | > 60 | 15 min | H9 60 on MSK; AWS Average of 3 × 5 min: one point a minute, so Maximum is the same; severity ours
network-shaped warning | > 0 | 5 min | §7 A 60 % has no metric; MSK: healthy is 0, and it is sent while ACTIVE; AWS Sum for 5 min, of its finer brothers
request-handlers-busy warning | < 30 | 5 min | H6 names no number; AWS Average < 0.3 for 5 min; MSK: a fraction
`),
  'daily-procedures': lookTable(`
slow-producers warning | > 500 | 10 min | I9; ours, severity: it names none
disk-used warning | > 80 | 10 min | §7 B 80; I9 10 min
cpu-used warning | > 70 | 5 min | §7 B 70; AWS 5 min
memory-used warning | > 80 | 5 min | §7 B 80; ours, 5 min: as CPU
memory-used critical | > 90 | 5 min | §7 B 90 is high; ours, 5 min: as CPU
heap-after-gc warning | > 60 | 15 min | H9 60 on MSK; AWS 15 min
`),
  'message-broker': lookTable(`
slow-producers warning | > 500 | 10 min | I9; ours, severity: it names none
disk-used warning | > 85 | 10 min | §7 C 85; I9 10 min
under-replicated warning | > 0 | 5 min | §7 C 5 min warning
`),
  'performance-tuning': lookTable(`
slow-producers warning | > 500 | 10 min | I9; ours, severity: it names none
disk-used warning | > 70 | 10 min | §7 D 70; I9 10 min
cpu-used warning | > 60 | 5 min | §7 D 60; AWS 5 min
memory-used warning | > 70 | 5 min | §7 D 70; ours, 5 min: as CPU
memory-used critical | > 85 | 5 min | §7 D 85; as above
memory-used emergency | > 95 | 5 min | §7 D 95; as above
under-replicated warning | > 0 | 5 min | §7 D 0; I9 5 min
`),
};
