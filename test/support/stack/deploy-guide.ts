import { readFileSync } from 'node:fs';

const guide = readFileSync(new URL('../../../docs/deploy.md', import.meta.url), 'utf8');

/** Actions in a cell; a name without a service has the one before it. */
const actionsIn = (cell: string): readonly string[] => {
  let service = '';
  return [...cell.matchAll(/`(?:([a-z0-9]+):)?([A-Z]\w+)`/g)].map(([, own, name]) => {
    service = own ?? service;
    return `${service}:${name}`;
  });
};

/** The first cell's words without what is said of them → every action of the row. */
const tableAfter = (text: string, actionCell: number): Readonly<Record<string, readonly string[]>> => {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  const rows = lines.slice(first + 2);
  return Object.fromEntries(
    rows
      .slice(
        0,
        rows.findIndex((line) => !line.startsWith('|')),
      )
      .map((line) => {
        const cells = line.split('|').map((cell) => cell.trim());
        const row = (cells[1] ?? '').replace(/,.*/, '').replaceAll('`', '');
        return [row, actionsIn(cells[actionCell] ?? '')];
      }),
  );
};

const [, whoDeploys = ''] = guide.split('## What the person who deploys may do');
const [usual = '', bySetting = ''] = whoDeploys.split('And for what `stack` sets');

/** Parts of the first table's rows, each with actions of one service, and whether they are granted on `*`. */
export const deployRowsInGuide = usual
  .split('\n')
  .filter((line) => line.startsWith('|') && line.includes('`'))
  .flatMap((line) => {
    const [, , , cell = ''] = line.split('|');
    let service = '';
    return cell.split(/;| and /).flatMap((part) => {
      const named = actionsIn(part).map((action) => {
        const [own, name] = action.split(':');
        service = own === '' || own === undefined ? service : own;
        return `${service}:${name}`;
      });
      return named.length === 0 ? [] : [{ actions: named, isOnEverything: part.includes('(`*`)') }];
    });
  });

/** What a channel of Amazon Q needs beside, in the guide's sentence of it. */
export const channelActionsInGuide = actionsIn(
  bySetting.split('\n').find((line) => line.startsWith('And where `channels` names `amazon-q`')) ?? '',
);

/** The guide's table of what every deploy needs, by its rows. */
export const usualActionsInGuide = tableAfter(usual, 3);
/** The same of what a setting needs beside. */
export const actionsBySettingInGuide = tableAfter(bySetting, 2);
