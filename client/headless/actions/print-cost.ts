import { pricesReadOn } from '../../../shared/cost/platform-prices.ts';
import { costText } from '../cost/cost-text.ts';
import { type CostQuestion, reckonCost } from '../cost/reckon-cost.ts';
import { printLine, toJsonLine } from '../terminal/terminal.ts';

export interface CostOptions extends CostQuestion {
  readonly json: boolean;
}

/** Prints what so many volunteers use of the free plan, and what they cost on the paid one. */
export function printCost({ json, ...question }: CostOptions): void {
  const reply = reckonCost(question);
  if (json) console.log(toJsonLine({ ...question, pricesReadOn, ...reply }));
  else printLine(costText(question, reply));
}
