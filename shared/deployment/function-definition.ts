import type { Schedules } from '../core/configuration.ts';

/** One function of the stack. */
export type FunctionDefinition = {
  readonly slug: string;
  readonly handler: string;
  readonly description: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly isInVpc: boolean;
  /** Procedures report to the topics, the bus and the bucket; the arm inside the VPC answers by return value alone. */
  readonly isProcedure: boolean;
  readonly schedules: readonly {
    readonly key: keyof Schedules;
    readonly scope: string;
    readonly maxAgeSeconds: number;
  }[];
  readonly isWokenByAlarms: boolean;
  /**
   * A durable function: how long one execution may last, waits included, and how long Lambda keeps its history and its
   * name after its end. Only a function that is created so is one.
   */
  readonly durable?: { readonly executionTimeoutDays: number; readonly retentionDays: number };
  /** The slug of the durable function that this one starts, and of whose bad ends it hears. */
  readonly starts?: string;
  /** Detail types on mskeeper's own bus that wake an intake. */
  readonly busEvents?: readonly string[];
  /** The only packages of these kinds that its bundle may hold: AWS clients, kafkajs, the signer. Tested on the metafile. */
  readonly clients: readonly string[];
};
