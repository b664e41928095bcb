import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findAreas, openReach } from '../../../../../infra/checks/mutation/areas.ts';
import { floorPercentByArea } from '../../../../../infra/checks/mutation/floors.ts';

const root = join(import.meta.dirname, '../../../../..');
const areas = findAreas(root);

test('every core is in exactly one area, and every area has files, tests and a name of its own', () => {
  const files = areas.flatMap((area) => area.files);
  const cores = globSync(['functions/*/*/core/**/*.ts', 'shared/*/core/**/*.ts', 'shared/core/**/*.ts'], { cwd: root });
  expect(cores.length).toBeGreaterThan(50);
  expect(cores.filter((core) => !files.includes(core))).toEqual([]);
  expect(new Set(files).size).toBe(files.length);
  expect(areas.filter((area) => area.files.length === 0 || area.tests.length === 0)).toEqual([]);
  expect(new Set(areas.map(({ name }) => name)).size).toBe(areas.length);
});

test('the door of acts and the flows of storage scaling are measured with their cores, what makes ports is not', () => {
  const filesOf = (name: string) => areas.find((area) => area.name === name)?.files ?? [];
  expect(filesOf('shared/acting')).toEqual(
    expect.arrayContaining(['shared/acting/act.ts', 'shared/acting/core/budget.ts']),
  );
  expect(filesOf('storage-scaling')).toContain('functions/capacity/storage-scaling/run.ts');
  const made = /(^|[/-])(ports|on-aws|deployment|alarms)\.ts$/;
  expect(areas.flatMap((area) => area.files).filter((file) => made.test(file) && !file.includes('core/'))).toEqual([]);
});

test('a floor is of an area that there is', () => {
  const names = areas.map(({ name }) => name);
  expect(Object.keys(floorPercentByArea).filter((name) => !names.includes(name))).toEqual([]);
});

test('a test reaches what it imports, and what that imports, and nothing else', () => {
  const reached = openReach(root)('test/unit/shared/acting/core/budget.test.ts');
  expect(reached).toContain('shared/acting/core/budget.ts');
  expect(reached).toContain('shared/core/units.ts');
  expect(reached).not.toContain('shared/acting/act.ts');
});
