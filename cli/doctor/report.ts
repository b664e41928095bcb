import { joined, type Shown, shown } from '../../infra/terminal/shown.ts';
import { columns, indented, type Look, onOneLine } from '../../infra/terminal/table.ts';
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
export const renderFindings = (findings: readonly DoctorFinding[], hasColors: boolean, width?: number): Shown => {
  const look: Look = { hasColors, columns: width };
  const rows = columns(
    findings.map(({ check, subject, status, message }) => [
      { text: status, color: colorOf[status] },
      check,
      subject,
      onOneLine(message),
    ]),
    look,
  );
  const lines = rows.flatMap((row, index) => {
    const advice = findings[index]?.advice;
    return advice === undefined ? [row] : [row, indented(shown`         → `, onOneLine(advice), look)];
  });
  return joined([...lines, shown``, shown`${counted(findings)}`, shown``], '\n');
};
