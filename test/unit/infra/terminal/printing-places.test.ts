import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { renderHistory } from '../../../../cli/history/render.ts';
import { formatMistakes } from '../../../../infra/configuration/mistake.ts';
import { escapeMarkup } from '../../../../local/drill/markup.ts';
import { openProgress } from '../../../../local/drill/progress.ts';
import { renderReportPage } from '../../../../local/drill/report-page.ts';
import { renderSummary } from '../../../../local/drill/summary.ts';
import type { ActRecord } from '../../../../shared/acting/core/record.ts';
import { createRunLogger } from '../../../../shared/run/logging.ts';
import { toJson } from '../../../../shared/text/json.ts';
import { judge, smallFile } from '../../../support/configuration.ts';
import { cases } from '../../../support/depth.ts';
import { hostile, hostileName, hostileText } from '../../../support/hostile.ts';

const root = join(import.meta.dirname, '../../../..');

/** Who writes to a stream itself, and why that is no way around the escaping. */
const writers: Readonly<Record<string, string>> = {
  'cli/mskeeper.ts': 'gets from dispatch what it tamed',
  'infra/terminal/print.ts': 'tames',
  'infra/packaging/package-stack.ts': 'serverless’ own words, in its colours, where --verbose asks for them',
  'infra/checks/check.ts': 'what tests say, in their colours',
  'infra/checks/run-apart.ts': 'what tests say, in their colours',
  'infra/checks/mutation.ts': 'places and pieces of our own source',
  'local/drill/main.ts': 'hands the stream to progress, and waits for it to end',
  'local/kafka/pin-checksums.ts': 'our own words',
  'local/aws/lambda-runtime/log-patch.ts': 'stands in for Lambda, whose log is a file',
  'local/aws/lambda-runtime/runtime.ts': 'stands in for Lambda, whose log is a file',
  'shared/run/logging.ts': 'one line of JSON',
};

test('nothing else writes to a stream of its own', () => {
  const files = globSync('{cli,infra,local,functions,shared}/**/*.ts', { cwd: root });
  expect(files.length).toBeGreaterThan(300);
  const direct = files.filter((file) =>
    /\bprocess\.(?:stdout|stderr)\b|\bconsole\.\w+\(/.test(
      readFileSync(join(root, file), 'utf8').replaceAll(/^ *(?:\*|\/\/|\/\*).*$/gm, ''),
    ),
  );
  expect(direct.filter((file) => !(file in writers))).toEqual([]);
});

const expectHarmless = (text: string): void => {
  for (const line of text.split('\n')) expect(line).not.toMatch(hostile);
};

afterEach(() => vi.restoreAllMocks());

describe('whatever somebody else wrote', () => {
  test('is no line of a log: one line of JSON, which reads back by the letter', () => {
    const logged: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      logged.push(String(text));
      return true;
    });
    const logger = createRunLogger('cluster-health');
    const name = hostileName('orders').toWellFormed();
    logger.info('run finished', { decision: { subject: `topic ${name}`, [name]: [name] }, outcome: 'reported' });
    vi.restoreAllMocks();
    const [line = '', ...others] = logged.join('').trimEnd().split('\n');
    expect(others).toEqual([]);
    expectHarmless(line);
    expect(JSON.parse(line)).toMatchObject({ decision: { subject: `topic ${name}` } });
  });

  test('is no hostile byte of a document, and reads back by the letter', () => {
    fc.assert(
      fc.property(fc.dictionary(hostileText, hostileText), (document) => {
        expectHarmless(toJson(document));
        expect(toJson(JSON.parse(toJson(document)))).toBe(toJson(document));
      }),
      cases(200, 5_000),
    );
  });

  test('is no line of a mistake in mskeeper.yml', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (key, message) => {
        const told = formatMistakes('mskeeper.yml', [{ path: ['clusters', key], message, line: 1, column: 2 }]);
        expectHarmless(told);
        expect(told.split('\n')).toHaveLength(1);
      }),
      cases(200, 5_000),
    );
    const { mistakes } = judge(smallFile({}, `${JSON.stringify(hostileName('strange').toWellFormed())}: 1\n`));
    expect(mistakes.length).toBeGreaterThan(0);
    expectHarmless(formatMistakes('mskeeper.yml', mistakes));
  });

  const name = hostileName('drill');
  const scenario = {
    name,
    title: name,
    runbookRows: [name],
    outcome: 'failed',
    failure: name,
    durationSeconds: 1,
    expectations: [{ text: name, isMet: false, seen: name }],
    conclusions: [name],
    moments: [{ atMs: 0, clockMs: 0, lane: 'findings', subject: name, label: name, tone: 'bad' }],
    charts: [],
    stories: [
      {
        title: name,
        how: name,
        fromMs: 0,
        untilMs: 60_000,
        signs: [{ clockMs: 1_000, label: name, tone: 'bad' }],
        heard: [
          {
            by: 'pagerduty',
            clockMs: 1,
            where: name,
            what: 'called',
            key: name,
            urgency: 'high',
            text: name,
            who: name,
          },
          {
            by: 'slack',
            clockMs: 2,
            where: name,
            ts: name,
            threadTs: name,
            isBroadcast: true,
            parts: [{ kind: 'header', text: name }, { kind: 'text', text: name }, { fields: [name, `a\n${name}`] }],
          },
          { by: 'sms', clockMs: 3, where: name, text: name, partCount: 2 },
          { by: 'mail', clockMs: 4, where: name, subject: name, text: name },
        ],
      },
    ],
    measurements: { [name]: name },
  } as const;
  const report = {
    version: 1,
    startedAt: name,
    durationSeconds: 1,
    outcome: 'failed',
    world: {
      kafkaVersion: name,
      brokerCount: 3,
      areBrokersOwn: true,
      clusterKey: name,
      clockRate: 1,
      phaseSeconds: {},
      measuredMetrics: [name],
      synthesisedMetrics: [name],
      scales: [name],
      failures: [name],
    },
    scenarios: [scenario],
  } as const;

  test('is neither markup nor unseen on the page of a drill, nor in its table', () => {
    expectHarmless(renderReportPage(report));
    expectHarmless(renderSummary(report));
    expect(escapeMarkup(`<img src=x onerror=1>\u202e"'&`)).toBe('&lt;img src=x onerror=1&gt;\\u{202e}&quot;&#39;&amp;');
  });

  test('is a line of a drill’s progress at most', () => {
    const written: string[] = [];
    // A stream of Node has thirty members more, of which progress uses one.
    const terminal = { write: (text: string) => written.push(text), isTTY: true, columns: 80 };
    const progress = openProgress(Object.assign(Object.create(process.stderr), terminal));
    progress.step(name);
    progress.moment(scenario.moments[0]);
    for (const expectation of scenario.expectations) progress.expectation(expectation);
    progress.conclusion(name);
    progress.failure(name);
    expect(written).toHaveLength(6);
    for (const line of written) {
      expect(line.trimEnd().split('\n')).toHaveLength(1);
      expectHarmless(line.replaceAll(new RegExp(`${String.fromCharCode(0x1b)}\\[\\d+m`, 'g'), ''));
    }
  });

  test('adds no line to the history, and no fact to one', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (message, by) => {
        const record: ActRecord = {
          version: 1,
          cluster: 'orders',
          procedure: 'storage-scaling',
          cause: 'cause',
          mode: 'act',
          plan: { action: 'expand', reason: 'r', message, evidence: {} },
          target: { toGiB: 1 },
          plannedAtMs: 0,
          plannedState: {},
          isDisruptive: false,
          isLocked: true,
          approval: { by: `${by}, 7 tries`, atMs: 0 },
          tries: [],
          end: { id: 'x', atMs: 0, execution: 'e', decision: 'adopted', outcome: {} },
        };
        const told = renderHistory(
          { records: [record], damaged: [{ key: by, message }], hasMore: false },
          { nowMs: 0, sinceMs: 0, hasColors: false },
        );
        expectHarmless(told);
        expect(told.split('\n')).toHaveLength(6);
        expect(told).toMatch(/^ {4}cause, approved by ".*, 7 tries" \(not proven\) at 1970-01-01 00:00:00Z$/m);
      }),
      cases(200, 5_000),
    );
  });
});
