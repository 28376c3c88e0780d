import { signal } from '@preact/signals';
import * as z from 'zod';
import { readStored, writeStored } from './local-store.ts';

const KEY = 'homeroom:charts';

const choicesSchema = z.object({
  /** What the charts go along. */
  along: z.enum(['rounds', 'time']),
  /** Whether the error is shown in place of the accuracy, on a logarithmic axis. */
  isError: z.boolean(),
});
export type ChartChoices = Readonly<z.infer<typeof choicesSchema>>;

const standard: ChartChoices = { along: 'rounds', isError: false };

/** How this browser's people look at charts, on every run. */
export const chartChoices = signal<ChartChoices>(readStored(localStorage, KEY, choicesSchema) ?? standard);

export function chooseChart(change: Partial<ChartChoices>): void {
  chartChoices.value = { ...chartChoices.value, ...change };
  writeStored(localStorage, KEY, chartChoices.value);
}
