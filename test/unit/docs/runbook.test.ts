import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { presetNames } from '../../../infra/configuration/file-schema.ts';
import { slugOf } from '../../../infra/functions.ts';
import { procedures } from '../../../infra/procedures.ts';
import { alarmsOf } from '../../../infra/stack/alarms.ts';
import { findTool } from '../../../local/kafka/tools.ts';
import { runbookPageOf } from '../../../shared/core/runbook.ts';
import type { Deployment } from '../../../shared/deployment/deployment.ts';
import { alarmNameOf } from '../../../shared/deployment/names.ts';
import { anchorsOf, documentPaths, readDocument, root } from '../../support/documents.ts';
import { sentEventsOf, untoldAlarmsOf } from '../../support/runbook-page.ts';
import { named } from '../infra/stack/alarms-under-test.ts';
import { contextWith } from '../infra/stack/stack-under-test.ts';

const slugs = globSync('functions/*/*', { cwd: root })
  .sort()
  .map((path) => slugOf(path.slice('functions/'.length)));

/** Pages that are about all procedures. */
const common = ['README.md', 'acting.md', 'mskeeper-itself.md'];

test('every procedure has a page, and no page is of a procedure that is gone', () => {
  expect(slugs).toContain('cluster-health');
  const pages = globSync('docs/runbook/*.md', { cwd: root }).map((page) => basename(page));
  expect(pages.filter((page) => !common.includes(page)).sort()).toEqual(slugs.map((slug) => `${slug}.md`).sort());
});

describe.each([...slugs, 'acting', 'mskeeper-itself'])('the page of %s', (slug) => {
  const page = readDocument(runbookPageOf(slug));

  test('says what it means, by which keys, what to do by hand, how to undo it, and its drill', () => {
    expect(page).toMatch(new RegExp(`^# ${slug}\n`));
    expect(anchorsOf(page)).toEqual(expect.arrayContaining(['meaning', 'policy', 'by-hand', 'undo', 'drill']));
  });

  test('is named in the index', () => {
    expect(readDocument('docs/runbook/README.md')).toContain(`(${slug}.md)`);
  });
});

test('every alarm that can be made is named on its page', () => {
  const contexts = presetNames.flatMap((preset) =>
    (['zookeeper', 'kraft'] as const).map((metadataMode) =>
      contextWith({ ...named, metadataMode, monitoringLevel: 'PER_TOPIC_PER_BROKER' }, preset),
    ),
  );
  const alarms = contexts.flatMap((context) => alarmsOf(context));
  expect(alarms.map(({ slug }) => slug)).toContain('brokers-unreachable');
  for (const section of new Set(alarms.map((alarm) => alarm.section)))
    expect(untoldAlarmsOf(readDocument(runbookPageOf(section)), section, alarms), section).toEqual([]);
});

test('the index says how alarms are named', () => {
  const name = alarmNameOf(
    { ...contextWith(), clusterKey: '<key>' },
    '<procedure>',
    ['<alarm>', '<severity>'],
    undefined,
  );
  expect(readDocument('docs/runbook/README.md')).toContain(`\`${name}\``);
});

test('what a page tells to send is an event that its procedure takes', () => {
  const deploymentBySlug = new Map<string, Deployment>(
    Object.entries(procedures).map(([folder, deployment]) => [slugOf(folder), deployment]),
  );
  const sent = slugs.flatMap((slug) =>
    sentEventsOf(readDocument(runbookPageOf(slug)), slug, deploymentBySlug.get(slug) ?? {}).map((event) => ({
      slug,
      event,
    })),
  );
  expect(sent.map(({ slug }) => slug)).toEqual(expect.arrayContaining(['cluster-health', 'storage-scaling']));
  for (const { slug, event } of sent) expect(event).toMatchObject({ kind: 'manual', procedure: slug });
});

test('nobody is told to correct how many brokers there are, and not which: removed ones leave gaps', () => {
  const advice = documentPaths
    .flatMap((path) => readDocument(path).split('\n'))
    .filter((line) => /(correct|set|settings:) `?brokerCount/i.test(line));
  expect(advice.length).toBeGreaterThan(0);
  expect(advice.filter((line) => !line.includes('brokerIds'))).toEqual([]);
});

test('no older Kafka tool gets its settings by an option that only newer ones know', () => {
  const variableByOption = new Map([
    ['--admin.config', 'AT_ELECTION'],
    ['--consumer.config', 'AT_CONSUMER'],
  ]);
  const variableByTool = new Map(
    (['kafka-leader-election', 'kafka-console-consumer'] as const).map((tool): [string, string | undefined] => [
      tool,
      variableByOption.get(findTool(tool, '3.6.2').settingsOption),
    ]),
  );
  const commands = documentPaths.flatMap((path) => [...readDocument(path).matchAll(/(kafka-[a-z-]+)\.sh \$(\w+)/g)]);
  expect(commands.map(([, tool]) => tool)).toContain('kafka-leader-election');
  for (const [command, tool = '', variable] of commands) {
    expect([command, variable]).toEqual([command, variableByTool.get(tool) ?? 'AT']);
  }
});
