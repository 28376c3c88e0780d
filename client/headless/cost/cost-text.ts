import type { Billed, CostLine, PlanCosts } from '../../../shared/cost/plan-costs.ts';
import { prices, pricesReadOn, storagePrices } from '../../../shared/cost/platform-prices.ts';
import { formatTable, type TableColumn } from '../terminal/format-table.ts';
import type { CostQuestion, CostReply } from './reckon-cost.ts';

const names: Readonly<Record<Billed, string>> = {
  workerRequests: 'requests to the Worker',
  objectRequests: 'requests to objects',
  objectGBSeconds: 'GB-s of objects awake',
  objectRowsWritten: 'rows that objects write',
  objectRowsRead: 'rows that objects read',
  d1RowsWritten: 'rows written in D1',
  d1RowsRead: 'rows read in D1',
  r2ClassA: 'calls of R2, class A',
  r2ClassB: 'calls of R2, class B',
  objectGB: 'GB kept in objects',
  r2GB: 'GB kept in R2',
};

const columns: readonly TableColumn[] = [
  { title: 'billed', isText: true },
  ...['free plan', 'with R2', 'share', 'without R2', 'share'].map(title => ({ title })),
];

/** Requests that one object takes in a second, as the documents say. They call it a soft limit. */
const SOFT_LIMIT = 1_000;
const LIMITS_PAGE = 'https://developers.cloudflare.com/durable-objects/platform/limits/';

/** What is printed for people. */
export function costText(question: CostQuestion, reply: CostReply): string {
  const pages = [...Object.values(prices), ...Object.values(storagePrices)].map(({ page }) => page);
  return [
    heading(question, reply),
    '',
    formatTable(
      columns,
      reply.withR2.lines.map((line, i) => cells(line, reply.withoutR2.lines[i])),
    ),
    '',
    planText('With R2', reply.withR2, question),
    planText('Without R2', reply.withoutR2, question),
    ...limitTexts(reply),
    '',
    'This is reckoned high: everybody is there all the time, objects never sleep, and no cache replies. It follows from counts on local workerd, and no bill has confirmed it. Not in it: the time of processors, and bytes of ledgers and lists.',
    `Prices as read on ${pricesReadOn}: ${[...new Set(pages)].join(' ')}`,
  ].join('\n');
}

function heading(question: CostQuestion, { updatesPerRound, roundSeconds, answers }: CostReply): string {
  const { volunteers, minutes, model, plan, spectators } = question;
  const watched = spectators > 0 ? `, ${amount(spectators)} more ${plural(spectators, 'page')} open` : '';
  return [
    `${amount(volunteers)} ${plural(volunteers, 'volunteer')} for ${amount(minutes)} ${plural(minutes, 'minute')}${watched}.`,
    `${model} by ${plan}: a round of ${amount(updatesPerRound)} ${plural(updatesPerRound, 'update')} every ${roundSeconds.toFixed(1)} s, ${amount(answers)} updates in all.`,
  ].join('\n');
}

function cells(line: CostLine, without: CostLine | undefined): string[] {
  const of = (one: CostLine | undefined): string[] =>
    one ? [amount(one.used), `${(100 * one.share).toFixed(1)} %`] : ['', ''];
  return [names[line.name], freeText(line), ...of(line), ...of(without)];
}

const freeText = ({ free, freePer }: CostLine): string =>
  freePer === 'stored' ? amount(free) : `${amount(free)} a ${freePer}`;

function planText(where: string, costs: PlanCosts, { minutes, days }: CostQuestion): string {
  const { first, lastsMinutes, fits } = costs;
  const paid = `Paid plan, ${days} such ${plural(days, 'day')} a month: $${costs.paidUSDAMonth.toFixed(2)}.`;
  const most = `${names[first.name]} (${(100 * first.share).toFixed(0)} %)`;
  if (fits) {
    const could =
      first.freePer === 'day' ? `, which would last for ${amount(minutes / first.share)} minutes` : '';
    return `${where}: the free plan does. Most used: ${most}${could}. ${paid}`;
  }
  const ends = Number.isFinite(lastsMinutes)
    ? `ends after ${lastsMinutes < 10 ? lastsMinutes.toFixed(1) : amount(Math.floor(lastsMinutes))} minutes of a day`
    : `ends within the month, after ${amount(Math.floor(days / first.share))} such days`;
  return `${where}: the free plan ${ends}. Used up first: ${most}. ${paid}`;
}

function limitTexts({ runs, coordinatorCallsASecond }: CostReply): string[] {
  const calls = `${amount(coordinatorCallsASecond)} calls a second`;
  return [
    ...(runs > 1 ? [`A run takes 20,000 volunteers at most, so these are ${runs} runs.`] : []),
    coordinatorCallsASecond > SOFT_LIMIT
      ? `The coordinator of a run is called too often: ${calls}, and one object takes about ${amount(SOFT_LIMIT)} (${LIMITS_PAGE}). Volunteers are told to come back, and ask less often then.`
      : `The coordinator of a run has ${calls}. One object takes about ${amount(SOFT_LIMIT)} (${LIMITS_PAGE}).`,
  ];
}

const amount = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 });

const plural = (count: number, word: string): string => (count === 1 ? word : `${word}s`);
