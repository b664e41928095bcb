import { colored, columns, onOneLine } from '../table.ts';
import { type DoctorFinding, type DoctorStatus, doctorStatuses, worstStatus } from './finding.ts';

const colorOf = {
  ok: 'green',
  skipped: 'gray',
  warning: 'yellow',
  unknown: 'yellow',
  failed: 'red',
} as const satisfies Record<DoctorStatus, string>;

/** What was not answered fails like what is wrong: it is no evidence of health. */
export const exitStatusOf = (findings: readonly DoctorFinding[]): number =>
  ['failed', 'unknown'].includes(worstStatus(findings)) ? 1 : 0;

const counted = (findings: readonly DoctorFinding[]): string =>
  doctorStatuses
    .flatMap((status) => {
      const count = findings.filter((finding) => finding.status === status).length;
      return count === 0 ? [] : [`${count} ${status}`];
    })
    .join(', ');

/** A table: status, check, subject, what is so; under what is not well, what to do. */
export const renderFindings = (findings: readonly DoctorFinding[], hasColors: boolean): string => {
  const rows = columns(
    findings.map(({ check, subject, status, message }) => [
      { text: status, shown: colored(status, colorOf[status], hasColors) },
      { text: check },
      { text: subject },
      { text: onOneLine(message) },
    ]),
  );
  const lines = rows.flatMap((row, index) => {
    const advice = findings[index]?.advice;
    return advice === undefined ? [row] : [row, `         → ${onOneLine(advice)}`];
  });
  return `${[...lines, '', counted(findings)].join('\n')}\n`;
};
