import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelsFileName, readBundledChannels } from '../../../../shared/configuration/bundled-channels.ts';
import type { Channels } from '../../../../shared/core/configuration.ts';
import { ConfigError } from '../../../../shared/core/errors.ts';

const channels: Channels = {
  endpoints: {
    pager: { kind: 'pagerduty', secret: 'mskeeper/pager' },
    phone: { kind: 'phone', parameter: '/mskeeper/phone' },
    room: { kind: 'slack', secret: 'mskeeper/slack', channel: 'C0123456789' },
    chat: { kind: 'amazon-q', workspace: 'T0123456789', channel: 'C0123456789' },
    mail: { kind: 'email', parameter: '/mskeeper/mail' },
  },
  byTopic: {
    emergency: ['pager'],
    critical: ['phone'],
    warning: ['room', 'chat'],
    maintenance: [],
    operations: ['mail'],
  },
  heartbeat: { parameter: '/mskeeper/heartbeat' },
};

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mskeeper-channels-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const write = (value: unknown) => writeFileSync(join(directory, channelsFileName), JSON.stringify(value));

test('what was packaged is read as it was resolved, from the bundle or beside the configuration', () => {
  write(channels);
  expect(readBundledChannels({ LAMBDA_TASK_ROOT: directory })).toEqual(channels);
  expect(readBundledChannels({ MSKEEPER_CONFIGURATION_FILE: join(directory, 'mskeeper.json') })).toEqual(channels);
  expect(() => readBundledChannels({})).toThrow(/must say where channels\.json is/);
});

test.each([
  ['no topics', { endpoints: {}, byTopic: [] }, /byTopic/],
  [
    'an endpoint that is kept nowhere',
    { ...channels, endpoints: { pager: { kind: 'pagerduty' } } },
    /where it is kept/,
  ],
  ['an endpoint of no kind', { ...channels, endpoints: { pager: { kind: 'pigeon', secret: 'a/b' } } }, /kind/],
])('%s is refused by name of the file and the place', (_what, value, expected) => {
  write(value);
  const read = () => readBundledChannels({ LAMBDA_TASK_ROOT: directory });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(channelsFileName);
  expect(read).toThrow(expected);
});
