import { charts } from './en/charts.ts';
import { inLanguage } from './language.ts';

/** What the charts of a run say, and their table. */
export const chartWords = inLanguage('charts', charts);
