import { readFileSync } from 'node:fs';
import { formatPath } from '../../infra/configuration/mistake.ts';
import { type Judgement, judgeConfiguration, type ReadPreset } from '../../infra/configuration/parse-configuration.ts';
import type { FunctionDefinition } from '../../shared/deployment/function-definition.ts';

const readPreset: ReadPreset = (name) => readFileSync(new URL(`../../presets/${name}.yml`, import.meta.url), 'utf8');

export const judge = (text: string, functions?: readonly FunctionDefinition[], nowMs?: number): Judgement =>
  judgeConfiguration(text, readPreset, functions, nowMs);

/** `line path: message` of each mistake. */
export const mistakesOf = (text: string): string[] =>
  judge(text).mistakes.map(({ line, path, message }) => `${line} ${formatPath(path)}: ${message}`);

/** `line path: message` of each warning, but of who is reached: the smallest file names nobody, and is told so. */
export const warningsOf = (text: string, nowMs: number): string[] =>
  judge(text, undefined, nowMs)
    .warnings.filter(({ path: [root] }) => root !== 'channels')
    .map(({ line, path, message }) => `${line} ${formatPath(path)}: ${message}`);

/** The smallest sound file, with lines put in or replaced: a key of `lines` is the start of the line it replaces. */
export const smallFile = (replacements: Readonly<Record<string, string>> = {}, more = ''): string => {
  const lines = smallest.split('\n').map((line) => {
    const key = Object.keys(replacements).find((start) => line.trim().startsWith(start));
    return key === undefined ? line : (replacements[key] ?? line);
  });
  return `${lines.join('\n')}${more}`;
};

const smallest = `version: 1
clusters:
  orders:
    arn: arn:aws:kafka:eu-west-1:111122223333:cluster/orders-live/8c4ba1f2-5d1e-4b7c-9a36-0f2f6a7d9e10-4
    region: eu-west-1
    role: primary
    brokerCount: 3
    authentication: { kind: iam }
    network: { subnetIds: [subnet-0a1b2c3d4e5f60001], securityGroupIds: [sg-0a1b2c3d4e5f60001] }
`;
