import type { ArmResult, Comparison } from './comparison.ts';
import { accuracyText, armLabel, detailOf, differenceText, titleOf } from './row-text.ts';

/** Sizes in SVG units, which are pixels at its own size. */
const WIDTH = 960;
const LEFT = 370;
const RIGHT = 220;
const ROW = 50;
const TITLE = 52;
const AXIS = 40;
const GAP = 26;
const PLOT = WIDTH - LEFT - RIGHT;
/** Letters of small print that fit left of the axis, and of a title that fit beside each other. */
const SMALL_LETTERS = 54;
const TITLE_LETTERS = 112;
const TITLE_LINE = 18;

/** Grey that can be read on white and on black, and colours of middle lightness. */
const INK = '#7a7f87';
const RULE = '#9aa0a855';
const COLOURS = { conventional: '#2f7fd1', control: '#b0851f', other: '#c2484f' } as const;

/**
 * A panel for each comparison, a row for each arm, a dot for each seed, a bar at the mean. It suits bright and dark
 * pages: there is no background, and no colour is near black or white.
 */
export function plotComparisons(comparisons: readonly Comparison[]): string {
  let y = GAP / 2;
  const panels = comparisons.map(comparison => {
    const text = panel(comparison, y);
    y += heightOf(comparison) + GAP;
    return text;
  });
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}"`;
  const font = `font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="14" fill="${INK}"`;
  return `${head} ${font} role="img" aria-label="Test accuracy by learning plan">\n${panels.join('\n')}\n</svg>\n`;
}

const heightOf = ({ arms }: Comparison): number => TITLE + arms.length * ROW + AXIS;

function panel(comparison: Comparison, top: number): string {
  const { arms } = comparison;
  const scale = scaleOf(arms);
  const bottom = top + TITLE + arms.length * ROW;
  const title = inLines(titleOf(comparison), TITLE_LETTERS).map(
    (line, i, { length }) =>
      `<text x="16" y="${top + 22 + TITLE_LINE * (i - (length - 1) / 2)}" font-size="15" font-weight="600">${escaped(line)}</text>`,
  );
  const rows = arms.map((arm, i) => rowOf(arm, top + TITLE + i * ROW + ROW / 2, scale));
  return [...title, ...ticks(scale, top + TITLE - 8, bottom), ...rows].join('\n');
}

/** Accuracy in percent to x. */
interface Scale {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

const xOf = ({ from, to }: Scale, value: number): number => LEFT + (PLOT * (value - from)) / (to - from);

/** Around all dots, ending at round figures. */
function scaleOf(arms: readonly ArmResult[]): Scale {
  const values = arms.flatMap(accuracies);
  const [low, high] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 100];
  const step = [0.5, 1, 2, 5, 10, 20].find(size => (high - low) / size <= 6) ?? 25;
  const from = Math.max(0, Math.floor(low / step - 0.5) * step);
  const to = Math.max(from + 2 * step, Math.ceil(high / step + 0.5) * step);
  return { from, to, step };
}

const accuracies = ({ rows }: ArmResult): number[] =>
  rows.flatMap(({ accuracy }) => (accuracy === null ? [] : [100 * accuracy]));

function ticks(scale: Scale, top: number, bottom: number): string[] {
  const count = Math.round((scale.to - scale.from) / scale.step);
  const lines = Array.from({ length: count + 1 }, (_, i) => {
    const value = scale.from + i * scale.step;
    const x = place(xOf(scale, value));
    const rule = `<line x1="${x}" x2="${x}" y1="${top}" y2="${bottom}" stroke="${RULE}"/>`;
    return `${rule}<text x="${x}" y="${bottom + 20}" text-anchor="middle" font-size="13">${Number(value.toFixed(1))}</text>`;
  });
  return [
    ...lines,
    `<text x="${LEFT - 30}" y="${bottom + 20}" text-anchor="end" font-size="13">accuracy, %</text>`,
  ];
}

function rowOf(arm: ArmResult, y: number, scale: Scale): string {
  const { sample } = arm;
  const colour = colourOf(sample.plan);
  const plan = sample.arm === null ? '' : sample.plan;
  const detail = [plan, `rate ${sample.learningRate}`, detailOf(sample)]
    .filter(text => text !== '')
    .join(', ');
  const values = accuracies(arm);
  const dots = values.map(
    value =>
      `<circle cx="${place(xOf(scale, value))}" cy="${y}" r="5" fill="${colour}" fill-opacity="0.55"/>`,
  );
  const x = place(xOf(scale, 100 * arm.accuracy.mean));
  const mean = `<line x1="${x}" x2="${x}" y1="${y - 12}" y2="${y + 12}" stroke="${colour}" stroke-width="3"/>`;
  return [
    `<text x="${LEFT - 12}" y="${y - 5}" text-anchor="end" font-weight="600">${escaped(armLabel(sample))}</text>`,
    ...inLines(detail).map(
      (line, i) =>
        `<text x="${LEFT - 12}" y="${y + 10 + 13 * i}" text-anchor="end" font-size="11.5">${escaped(line)}</text>`,
    ),
    ...dots,
    ...(values.length > 0 ? [mean] : []),
    `<text x="${WIDTH - RIGHT + 16}" y="${y - 2}">${escaped(accuracyText(arm))}</text>`,
    `<text x="${WIDTH - RIGHT + 16}" y="${y + 14}" font-size="12">${escaped(outcomeText(arm))}</text>`,
  ].join('\n');
}

/** Cut at spaces, so that no line is too long. */
function inLines(text: string, letters = SMALL_LETTERS): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const fits = last !== undefined && last.length + word.length < letters;
    if (fits) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function outcomeText(arm: ArmResult): string {
  const failed = arm.failures.length > 0 ? [`${arm.failures.length} failed`] : [];
  return [differenceText(arm), ...failed].join(', ');
}

function colourOf(plan: string): string {
  if (plan === 'conventional') return COLOURS.conventional;
  return plan === 'student-alone' ? COLOURS.control : COLOURS.other;
}

const place = (value: number): string => value.toFixed(1);

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
