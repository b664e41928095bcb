import { describe, expect, test } from 'vitest';
import { presetNames } from '../../../../infra/configuration/file-schema.ts';
import type { ClusterConfiguration } from '../../../../shared/core/configuration.ts';
import type { Deployment } from '../../../../shared/deployment/deployment.ts';
import type { StackContext } from '../../../../shared/deployment/names.ts';
import { type AlarmRow, rowNameOf, rowOf } from './alarm-row.ts';
import { named } from './alarms-under-test.ts';
import { contextWith } from './stack-under-test.ts';

/** The file beside a procedure's tests that holds its alarms against their sources. */
export const alarmTableFileName = 'alarms.test.ts';

/** A cluster for which every rule has work. */
export const everything = { ...named, monitoringLevel: 'PER_TOPIC_PER_BROKER' } as const;

/**
 * What a procedure's alarms must be, on three Standard brokers with KRaft: written down from the sources and not from the
 * code. I, H and 6 are rows and corrections of RUNBOOK, §1 and §7 its tables; MSK is the developer guide's tables of
 * metrics; AWS is its advice on alarms; "ours" is what nobody names, with the reason.
 *
 * Silence of a broker's metric is `missing`, unknown (6, 13), where the guide says that the metric is there while the
 * cluster is ACTIVE: then silence is the broker's own, which is restarting or dead, and BrokersUnreachable tells that.
 * Its price, by CloudWatch's own rule: one breaching minute right before the silence opens the alarm once the window has
 * passed. `ignore` would not, but would go on showing a dead broker as it last was.
 *
 * @property common alike for every preset
 * @property byPreset what each preset adds
 * @property notOfExpress slugs of alarms on what Express brokers do not send, by MSK's tables
 */
export type AlarmTable = {
  readonly common: readonly AlarmRow[];
  readonly byPreset: Readonly<Record<string, readonly AlarmRow[]>>;
  readonly notOfExpress: readonly string[];
};

type ContextWith = (change: Partial<ClusterConfiguration>, preset?: string) => StackContext;

/**
 * One test for each row, one that no alarm has none, and those two for Express.
 *
 * @param contextOf of which stack; the product's where it is not given
 */
export const testAlarmTable = (
  { alarms: plans = [] }: Pick<Deployment, 'alarms'>,
  { common, byPreset, notOfExpress }: AlarmTable,
  contextOf: ContextWith = contextWith,
): void => {
  test('there is a table for each preset', () => {
    expect(Object.keys(byPreset).toSorted()).toEqual(presetNames.toSorted());
  });

  describe.each(Object.entries(byPreset))('by %s, its alarms are those of their sources', (preset, own) => {
    const alarmsOn = (change: Partial<ClusterConfiguration>) => {
      const context = contextOf({ ...everything, ...change }, preset);
      return plans.flatMap((plan) => plan(context).alarms);
    };
    const namesOn = (change: Partial<ClusterConfiguration>) => [...new Set(alarmsOn(change).map(rowNameOf))].toSorted();
    const rows = [...common, ...own];
    const alarms = alarmsOn({});

    test.each(rows)('$alarm: $signal $condition in $window, silence $silence ($source)', ({ source: _, ...demand }) => {
      const made = alarms.filter((alarm) => rowNameOf(alarm) === demand.alarm).map(rowOf);
      expect(made.length).toBeGreaterThan(0);
      for (const row of made) expect(row).toEqual(demand);
    });

    test('none is without a row', () => {
      expect(namesOn({})).toEqual(rows.map(({ alarm }) => alarm).toSorted());
    });

    test('on Express they are the same, less those on what Express does not send', () => {
      const isLost = (name: string) => notOfExpress.some((slug) => name.startsWith(`${slug} `));
      const left = rows.map(({ alarm }) => alarm).filter((name) => !isLost(name));
      expect(namesOn({ brokerKind: 'express' })).toEqual(left.toSorted());
    });
  });
};
