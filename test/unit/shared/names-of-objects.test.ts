import { describe, expect, test } from 'vitest';
import { markOf } from '../../../functions/health/cluster-health/core/offset-marks.ts';
import { decodeState, encodeState, stateDocument } from '../../../functions/health/cluster-health/memory-document.ts';
import { encodeDocument } from '../../../shared/aws/document.ts';
import { classifyAwsError } from '../../../shared/aws/errors.ts';
import { canonicalJson } from '../../../shared/core/canonical-json.ts';
import { isMetricName } from '../../../shared/core/metric-catalogue.ts';
import { keepAsJson } from '../../../shared/durable/json.ts';
import { wakeEvent } from '../../../shared/events/wake.ts';
import { fitJson } from '../../../shared/text/fit-json.ts';
import { namedFacts, plainJson } from '../../../shared/text/plain-schemas.ts';
import { redactRecord, verbatim } from '../../../shared/text/redaction.ts';
import single from '../../events/alarm-single-metric.json' with { type: 'json' };
import { healthState, noonMs } from '../../support/health/builders.ts';

/** What every object of JavaScript has already, and users may call a topic, a group, an alarm or a dimension. */
const names = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'isPrototypeOf',
  '__defineGetter__',
];

/** An object with that name as its own, as JSON.parse makes one. */
const named = <Value>(name: string, value: Value): Record<string, Value> => Object.fromEntries([[name, value]]);

describe.each(names)('what is called %s', (name) => {
  test('is remembered of topics, findings, alarms and checks, and found again', () => {
    const mark = { atMs: noonMs, latestByPartition: { 0: '7' } };
    const state = healthState({
      openByKey: named(name, { severity: 'warning', reason: 'x', sinceMs: noonMs }),
      judgedAtMsByCheck: named(name, noonMs),
      unknownStreaks: named(name, { runs: 2, lastRunIds: [] }),
      offsetsByTopic: named(name, mark),
      openAlarms: named(name, { rule: 'cpu-used', wokenAtMs: noonMs }),
    });
    const bytes = encodeDocument('state/x.json', verbatim(encodeState(state)), stateDocument);
    const again = decodeState(stateDocument.parse(JSON.parse(bytes.toString())));
    expect(again).toEqual(state);
    for (const map of [again.openByKey, again.judgedAtMsByCheck, again.unknownStreaks, again.openAlarms]) {
      expect(Object.keys(map)).toEqual([name]);
    }
    expect(markOf(name, again)).toEqual(mark);
    expect(markOf(name, healthState())).toBeUndefined();
  });

  test('stays in evidence, targets and states of an audit', () => {
    expect(Object.keys(namedFacts.parse(named(name, 7)))).toEqual([name]);
    expect(plainJson.parse({ seen: named(name, { deep: named(name, 1) }) })).toEqual({
      seen: named(name, { deep: named(name, 1) }),
    });
    expect(canonicalJson(named(name, 1))).toBe(`{"${name}":1}`);
    expect(canonicalJson(named(name, 1))).not.toBe(canonicalJson({}));
  });

  test('stays in a step’s value, an event and a cut event', () => {
    expect(Object.keys(keepAsJson('step', named(name, 1)))).toEqual([name]);
    expect(Object.keys(redactRecord(named(name, 'orders')))).toEqual([name]);
    expect(fitJson(named(name, 'orders'), 1_000).json).toBe(`{"${name}":"orders"}`);
    const cut = { ...named(name, 'orders'), long: Array.from({ length: 5_000 }, () => 'x'.repeat(100)) };
    expect(fitJson(cut, 2_000).json).toContain(`"${name}":"orders"`);
    expect(fitJson({ ...cut, deep: named(name, cut) }, 150).json).toContain(`"${name}":"orders"`);
  });

  test('stays a dimension of the metric that an alarm tells of', () => {
    const [metric] = single.detail.configuration.metrics;
    const dimensions = named(name, 'orders');
    const odd = { ...metric, metricStat: { ...metric?.metricStat, metric: { name: 'M', dimensions } } };
    const detail = { ...single.detail, configuration: { metrics: [odd] } };
    expect(wakeEvent.parse({ ...single, detail })).toMatchObject({ subject: { metrics: [{ dimensions }] } });
  });

  test('is no error, no metric and no source that we know', () => {
    expect(classifyAwsError({ name, code: name, Code: name })).toBe('failed');
    expect(isMetricName(name)).toBe(false);
    expect(wakeEvent.safeParse({ source: name }).success).toBe(false);
  });
});
