import { formatTable } from '../../report.ts';
import { type Board, valueText } from './board.ts';

/** The boards as tables of text. */
export const formatBoards = (boards: readonly Board[]): string => boards.map(formatBoard).join('\n\n');

function formatBoard({ title, clean, columns, lines }: Board): string {
  const header = [
    'points lost',
    ...columns.map(({ rule, hostile, volunteers }) => `${rule} ${hostile}/${volunteers}`),
  ];
  const rows = lines.map(({ name, values }) => [
    name,
    ...values.map(value => (value === null ? '' : valueText(value))),
  ]);
  return `${title}\nclean: ${clean}\n${formatTable(header, rows)}`;
}
