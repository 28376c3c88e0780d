import type { Segment } from '../../../shared/protocol/model-outline.ts';
import { formatTable, type TableColumn } from '../terminal/format-table.ts';
import type { SegmentReport, TaskReport } from './plan-report.ts';

const segmentColumns: readonly TableColumn[] = [
  { title: 'segment', isText: true },
  { title: 'layers', isText: true },
  { title: 'parameters' },
  { title: 'share' },
  { title: 'MACs' },
  { title: 'share' },
  { title: 'activations' },
  { title: 'share' },
];

/** Shows where the network is cut and what each segment costs. The heads stand below, in shares of the network. */
export const segmentTable = (segments: readonly SegmentReport[]): string =>
  formatTable(
    segmentColumns,
    segments.map(({ id, layers: [first, last], parameters, macs, activations, share }) => [
      id,
      first === last ? first : `${first} … ${last}`,
      formatShort(parameters),
      formatShare(share.parameters),
      formatShort(macs),
      formatShare(share.macs),
      formatShort(activations),
      formatShare(share.activations),
    ]),
  );

const taskColumns: readonly TableColumn[] = [
  { title: 'role', isText: true },
  { title: 'when', isText: true },
  { title: 'trains', isText: true },
  { title: 'frozen', isText: true },
  { title: 'parameters' },
  { title: 'MACs' },
  { title: 'activations' },
  { title: 'memory, MB' },
  { title: 'down, MB' },
  { title: 'up, MB' },
];

/**
 * Shows who trains what in which span of the run, and what it costs them.
 * @param whole the whole network trained at once, to compare with
 */
export const taskTable = (tasks: readonly TaskReport[], whole: readonly TaskReport[]): string =>
  formatTable(taskColumns, [
    ...tasks.map(task => [task.role, formatWhen(task), ...cellsOf(task)]),
    ...whole.map(task => ['(whole)', 'to compare', ...cellsOf(task)]),
  ]);

const cellsOf = (task: TaskReport): string[] => [
  formatIds(task.trains),
  formatIds(task.frozen),
  formatShort(task.parameters),
  formatShort(task.macs),
  formatShort(task.activations),
  formatMB(task.memoryBytes),
  formatMB(task.downloadBytes),
  formatMB(task.uploadBytes),
];

const percent = (share: number): string => String(Math.round(100 * share));

function formatWhen({ from, to, everyRounds }: TaskReport): string {
  const span = `${percent(from)}–${percent(to)} %`;
  return everyRounds > 1 ? `${span}, one round in ${everyRounds}` : span;
}

/** `segment-1, segment-2, segment-3, head-1` as `segment-1…3, head-1`. */
export function formatIds(ids: readonly Segment['id'][]): string {
  const runs: { stem: string; first: number; last: number }[] = [];
  for (const id of ids) {
    const [, stem = id, number = '0'] = /^(.+)-(\d+)$/.exec(id) ?? [];
    const run = runs.at(-1);
    if (run?.stem === stem && run.last + 1 === Number(number)) run.last++;
    else runs.push({ stem, first: Number(number), last: Number(number) });
  }
  return (
    runs
      .map(({ stem, first, last }) => (first === last ? `${stem}-${first}` : `${stem}-${first}…${last}`))
      .join(', ') || '–'
  );
}

const units = [
  [1e9, ' G'],
  [1e6, ' M'],
  [1e3, ' k'],
] as const;

/** Three digits and a unit of thousands: 14.7 M. */
export function formatShort(count: number): string {
  const [size, unit] = units.find(([least]) => count >= least) ?? [1, ''];
  const value = count / size;
  return `${size === 1 ? value : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)}${unit}`;
}

const formatShare = (share: number): string => `${(100 * share).toFixed(1)} %`;

function formatMB(bytes: number): string {
  const value = bytes / 1e6;
  return value.toFixed(value < 1 ? 3 : value < 100 ? 1 : 0);
}
