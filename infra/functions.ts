import type { AlarmPlan } from '../shared/deployment/alarm.ts';
import type { Deployment } from '../shared/deployment/deployment.ts';
import type { FunctionDefinition } from '../shared/deployment/function-definition.ts';
import type { StackContext } from '../shared/deployment/names.ts';
import { operationOf } from '../shared/deployment/operations.ts';
import { scheduledRunCompleted } from '../shared/events/wake.ts';
import { awaitedActingProcedures, earlyAlarms, procedures } from './procedures.ts';

/** Procedures by folder: the product's, or a test's. */
export type Registry = Readonly<Record<string, Deployment>>;

/**
 * A procedure's slug, which names its functions, alarms, runbook page and drill: the folder's name, with `kafka-` before
 * the arm's, since `read` alone says nothing elsewhere.
 */
export const slugOf = (folder: string): string => {
  const [domain = '', name = ''] = folder.split('/');
  return domain === 'kafka' ? `kafka-${name}` : name;
};

const none = () => 0;

const isArm = (folder: string): boolean => folder.startsWith('kafka/');

const packagesOf = (calls: FunctionDefinition['calls']): readonly string[] =>
  [...new Set(Object.keys(calls).flatMap((name) => operationOf(name).packages))].sort();

/** The only packages of these kinds that a function's bundle may hold: AWS clients, kafkajs, the signer. Tested on the metafile. */
export const clientsOf = ({ calls }: FunctionDefinition): readonly string[] => packagesOf(calls);

const functionsOf = (root: string, folder: string, deployment: Deployment): readonly FunctionDefinition[] => {
  const { does, function: main, run, schedules = {}, wokenByAlarms = false, busEvents = [], queue } = deployment;
  const slug = slugOf(folder);
  const common = { procedure: slug, isInVpc: isArm(folder), isProcedure: !isArm(folder) };
  const runSlug = `${slug}-run`;
  const scopes = Object.entries(schedules);
  return [
    {
      ...common,
      slug,
      handler: `${root}/${folder}/${run === undefined ? 'handler' : 'intake'}.handler`,
      description: does,
      memoryMiB: main.memoryMiB,
      timeoutSeconds: main.timeoutSeconds,
      assumedSeconds: main.assumedSeconds,
      ...(main.assumedLogKiB !== undefined && { assumedLogKiB: main.assumedLogKiB }),
      schedules: scopes.map(([scope, { usual, keptSeconds, silenceIs }], index) => ({
        key: `${slug}-${scope}`,
        scope,
        usual,
        maxAgeSeconds: keptSeconds,
        // Alarms wake an intake too, and do no schedule's work. Who tells people is heard in another way (planSelfAlarms).
        ...((scopes.length > 1 || run !== undefined) &&
          deployment.tellsPeople !== true && {
            heartbeat: { metric: scheduledRunCompleted, least: index + 1 },
          }),
        silenceIs,
      })),
      isWokenByAlarms: wokenByAlarms,
      ...(run !== undefined && { starts: runSlug }),
      busEvents,
      ...(queue !== undefined && { queue }),
      tellsPeople: deployment.tellsPeople === true,
      calls: main.calls,
      judges: deployment.judges ?? [],
      publishes: deployment.publishes ?? [],
      countSeries: deployment.countSeries ?? none,
    },
    ...(run === undefined
      ? []
      : [
          {
            ...common,
            slug: runSlug,
            handler: `${root}/${folder}/run.handler`,
            description: run.does,
            memoryMiB: run.memoryMiB,
            timeoutSeconds: run.timeoutSeconds,
            assumedSeconds: run.assumedSeconds,
            schedules: [],
            isWokenByAlarms: false,
            durable: {
              executionTimeoutDays: run.executionTimeoutDays,
              retentionDays: run.retentionDays,
              actFootprint: run.actFootprint,
            },
            busEvents: [],
            tellsPeople: false,
            calls: run.calls,
            judges: [],
            publishes: [],
            countSeries: none,
          },
        ]),
  ];
};

/** Every function that a registry's procedures need. @param root where their folders are */
export const planFunctions = (registry: Registry, root = 'functions'): readonly FunctionDefinition[] =>
  Object.entries(registry).flatMap(([folder, deployment]) => functionsOf(root, folder, deployment));

/** What a stack is made of beside what every stack has: functions, and who plans alarms. */
export type StackParts = {
  readonly functions: readonly FunctionDefinition[];
  readonly alarms: readonly ((context: StackContext) => AlarmPlan)[];
};

/** The parts of a registry's procedures. */
export const partsOf = (registry: Registry, root?: string): StackParts => ({
  functions: planFunctions(registry, root),
  alarms: Object.values(registry).flatMap(({ alarms = [] }) => alarms),
});

/** The product's own, with the alarms that stand before their procedure does. */
export const productParts: StackParts = {
  ...partsOf(procedures),
  alarms: [...partsOf(procedures).alarms, ...earlyAlarms.map(({ alarms }) => alarms)],
};

export const functionDefinitions: readonly FunctionDefinition[] = productParts.functions;

/** Slugs of the procedures that may change the cluster: those that declare a call which does. */
export const actingProceduresOf = (functions: readonly FunctionDefinition[]): readonly string[] => [
  ...new Set(
    functions.flatMap(({ procedure, calls }) =>
      Object.keys(calls).some((name) => operationOf(name).changes !== undefined) ? [procedure] : [],
    ),
  ),
];

/** Whose modes and approvals mskeeper.yml takes: what may act, and what the runbook wants to act one day. */
export const modeKeysOf = (functions: readonly FunctionDefinition[]): readonly string[] => [
  ...actingProceduresOf(functions),
  ...awaitedActingProcedures,
];
