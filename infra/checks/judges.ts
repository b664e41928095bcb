import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resources } from '../../shared/deployment/template.ts';
import { runCommand } from '../command-line.ts';
import { resolveConfiguration } from '../configuration/resolve-configuration.ts';
import { exampleFile } from '../docs/example.ts';
import { packageStack, projectRoot, templateFileName } from '../packaging/package-stack.ts';
import { print } from '../terminal/print.ts';
import { acceptedFindings } from './judges/accepted.ts';
import { askCfnLint } from './judges/cfn-lint.ts';
import { askCheckov } from './judges/checkov.ts';
import { compareFindings, type JudgeFinding, type Variant, variants } from './judges/finding.ts';
import { askParliament } from './judges/parliament.ts';
import { plantedFindings, plantedResources } from './judges/planted.ts';
import { policiesOf } from './judges/policies.ts';
import { preparePython, ToolError } from './python-tool.ts';

const help = `Has packaged templates judged by cfn-lint, checkov and parliament, pinned by hash, in virtual environments of their own.
Needs Python 3.11 or newer; the first time, a package index too. What they find must be what infra/checks/judges/accepted.ts
lists, neither more nor less, and they must find the faults that are planted beside it.

  npm run check:judges
`;

const requirements = join(import.meta.dirname, 'judges-requirements.txt');
const lintRequirements = join(import.meta.dirname, 'cfn-lint-requirements.txt');
const outputFolder = join(projectRoot, 'out/checks/judges');
const files = {
  smallest: join(projectRoot, exampleFile),
  act: join(import.meta.dirname, 'judges/act.yml'),
  bank: join(import.meta.dirname, 'judges/bank.yml'),
} as const satisfies Record<Variant, string>;

const tell = (line: string): void => print(`${line}\n`);

/** Where the template of a variant lies, made anew. */
const packageVariant = async (variant: Variant): Promise<string> => {
  const output = join(outputFolder, variant);
  tell(`packaging ${variant}`);
  await packageStack({
    configuration: resolveConfiguration(files[variant]),
    clusterKey: 'orders',
    output,
    isVerbose: false,
  });
  return join(output, templateFileName);
};

/** A template beside ours with nothing in it but faults. */
const writePlanted = (): string => {
  mkdirSync(outputFolder, { recursive: true });
  const path = join(outputFolder, 'planted.json');
  writeFileSync(path, JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', Resources: plantedResources }));
  return path;
};

const resourcesIn = (path: string): Resources => {
  const template: { readonly Resources: Resources } = JSON.parse(readFileSync(path, 'utf8'));
  return template.Resources;
};

const describe = ({ judge, check, subject }: JudgeFinding): string => `${judge} ${check} ${subject}`;

/** What is wrong, a line each; none where all is as it is listed. */
const judge = async (): Promise<readonly string[]> => {
  const python = preparePython({ name: 'judges', requirements, module: 'checkov.main, parliament' });
  const lintPython = preparePython({ name: 'cfn-lint', requirements: lintRequirements, module: 'cfnlint.runner' });
  const pathByVariant = new Map<Variant, string>();
  for (const variant of variants) pathByVariant.set(variant, await packageVariant(variant));
  const planted = writePlanted();
  const paths = [...pathByVariant.values(), planted];
  tell('asking checkov');
  const byCheckov = askCheckov(python, paths);
  const found = (path: string): readonly JudgeFinding[] => {
    tell(`asking cfn-lint and parliament about ${path.slice(outputFolder.length + 1)}`);
    return [
      ...askCfnLint(lintPython, path),
      ...(byCheckov[path] ?? []),
      ...askParliament(python, policiesOf(resourcesIn(path))),
    ];
  };
  const foundInPlanted = new Set(found(planted).map(describe));
  const asleep = plantedFindings.filter((one) => !foundInPlanted.has(describe(one)));
  return [
    ...asleep.map((one) => `planted and not found, so the judge is asleep: ${describe(one)}`),
    ...[...pathByVariant].flatMap(([variant, path]) => {
      const { unlisted, stale } = compareFindings(variant, found(path), acceptedFindings);
      return [
        ...unlisted.map((one) => `${variant}: found and not accepted: ${describe(one)}`),
        ...stale.map((one) => `${variant}: accepted and found no more: ${describe(one)}`),
      ];
    }),
  ];
};

await runCommand({
  help,
  options: {},
  expectedErrors: [ToolError],
  run: async () => {
    const wrong = await judge();
    if (wrong.length > 0)
      throw new ToolError(
        `${wrong.join('\n')}\nMend the template, or say in infra/checks/judges/accepted.ts why it stands.`,
      );
    tell(
      `cfn-lint, checkov and parliament: ${variants.length} templates, all that they found is accepted, with its reason`,
    );
    return undefined;
  },
});
