import { type Board, type Line, valueText } from './board.ts';

/** Sizes in SVG units, which are pixels at its own size. */
const LEFT = 190;
const CELL = { width: 44, height: 20 } as const;
const HEAD = 94;
const GAP = 28;
const RULE_GAP = 10;
const LEAST_WIDTH = 860;
/** Width of a bold letter, as a rule. */
const LETTER = 8;

/** Grey that can be read on white and on black. */
const INK = '#7a7f87';
/** So many points lost are all that is worth telling apart. */
const MOST = 50;
/** Beyond this share of it white letters are read more easily than black ones. */
const WHITE_FROM = 0.45;

/**
 * A panel for each board: attacks by rules and shares, the darker the more points are lost. It suits bright and dark
 * pages: there is no background, and every cell has its own.
 */
export function drawHeatMap(boards: readonly Board[]): string {
  let y = 8;
  const panels = boards.map(board => {
    const text = panel(board, y);
    y += HEAD + board.lines.length * CELL.height + GAP;
    return text;
  });
  const width = Math.max(LEAST_WIDTH, ...boards.map(widthOf));
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}"`;
  const font = `font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12" fill="${INK}"`;
  return `${head} ${font} role="img" aria-label="Points of accuracy lost by attack and rule">\n${panels.join('\n')}\n</svg>\n`;
}

const widthOf = (board: Board): number =>
  Math.max(xOf(board, board.columns.length), 8 + board.title.length * LETTER) + 16;

/** Columns of one rule stand together, and have room for its name. */
function xOf({ columns }: Board, column: number): number {
  const before = columns.slice(0, column);
  const rule = columns[column]?.rule;
  const groups = [...new Set(before.map(each => each.rule))].filter(each => each !== rule);
  const widths = groups.map(name => {
    const count = before.filter(each => each.rule === name).length;
    return RULE_GAP + Math.max(count * CELL.width, name.length * LETTER);
  });
  const own = before.filter(each => each.rule === rule).length;
  return LEFT + own * CELL.width + widths.reduce((sum, width) => sum + width, 0);
}

function panel(board: Board, top: number): string {
  const title = `<text x="8" y="${top + 18}" font-size="13" font-weight="600">${escaped(board.title)}</text>`;
  const clean = `<text x="8" y="${top + 37}">clean: ${escaped(board.clean)}</text>`;
  const names = board.columns.flatMap(({ rule }, i) =>
    board.columns[i - 1]?.rule === rule
      ? []
      : `<text x="${xOf(board, i)}" y="${top + 64}" font-weight="600">${escaped(rule)}</text>`,
  );
  const shares = board.columns.map(
    ({ hostile, volunteers }, i) =>
      `<text x="${xOf(board, i) + CELL.width / 2}" y="${top + 82}" text-anchor="middle">${hostile}/${volunteers}</text>`,
  );
  const lines = board.lines.map((line, i) => lineOf(board, line, top + HEAD + i * CELL.height));
  return [title, clean, ...names, ...shares, ...lines].join('\n');
}

function lineOf(board: Board, { name, unit, values }: Line, y: number): string {
  const label = `<text x="${LEFT - 10}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>`;
  const cells = values.flatMap((value, i) => {
    if (value === null) return [];
    const [x, share] = [xOf(board, i), value / (unit === 'points' ? MOST : 100)];
    const box = `<rect x="${x}" y="${y}" width="${CELL.width - 2}" height="${CELL.height - 2}" rx="2" fill="${colourOf(share)}"/>`;
    const text = `<text x="${x + CELL.width / 2 - 1}" y="${y + 13}" text-anchor="middle" fill="${share > WHITE_FROM ? '#ffffff' : '#20242a'}">${valueText(value)}</text>`;
    return [box, text];
  });
  return [label, ...cells].join('\n');
}

/**
 * From pale yellow over orange to dark violet, red, green and blue of each. It darkens all the way, so it is read in grey
 * and by eyes that see no red or no green.
 */
const SCALE = [
  [252, 246, 214],
  [250, 205, 110],
  [238, 130, 80],
  [180, 60, 100],
  [70, 25, 95],
] as const;

/** By the square root: two points from none can be told apart, and so can a half from all. */
function colourOf(share: number): string {
  const at = Math.sqrt(Math.min(1, Math.max(0, share))) * (SCALE.length - 1);
  const below = Math.min(Math.floor(at), SCALE.length - 2);
  const [from, to] = [SCALE[below] ?? SCALE[0], SCALE[below + 1] ?? SCALE[0]];
  const mixed = from.map((value, i) => Math.round(value + (at - below) * ((to[i] ?? value) - value)));
  return `rgb(${mixed.join(' ')})`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
