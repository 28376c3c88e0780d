import { formatTable } from '../../report.ts';
import type { LearningRow } from '../rows.ts';
import type { ArmResult, Comparison } from './comparison.ts';
import { armLabel, macsText } from './row-text.ts';
import { spreadOf } from './statistics.ts';

/** What a device of each role does and needs, arm by arm; nothing if all devices have room for all. */
export function formatRoles({ arms, sample }: Comparison): string {
  const lines = sample.devices === null ? [] : arms.flatMap(linesOf);
  const header = ['a device’s part', 'MACs an update', 'MB an update', 'peak MB'];
  return lines.length === 0 ? '' : formatTable(header, lines);
}

function linesOf({ rows, sample }: ArmResult): string[][] {
  const roles = [...new Set(rows.flatMap(({ macsByRole }) => Object.keys(macsByRole)))];
  return roles.map(role => {
    const of = (pick: (row: LearningRow) => Readonly<Record<string, number>>): number[] =>
      rows.flatMap(row => pick(row)[role] ?? []);
    const peaks = of(row => row.peakMemoryMBByRole);
    return [
      `${armLabel(sample)} at ${sample.learningRate}: ${role}`,
      macsText(spreadOf(of(row => row.macsByRole)).mean),
      spreadOf(of(row => row.uploadMBByRole)).mean.toFixed(3),
      peaks.length === 0 ? '-' : Math.max(...peaks).toFixed(1),
    ];
  });
}
