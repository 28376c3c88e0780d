import { CARD_HEIGHT, CARD_WIDTH } from './card-size.ts';

/** What stands on the card. The first line is the largest. */
export interface CardText {
  readonly title: string;
  readonly lines: readonly string[];
  readonly about: string;
  readonly address: string;
}

const MARGIN = 80;
const COLORS = {
  ground: '#0f1f1a',
  ink: '#ffffff',
  quiet: '#b8c9c2',
  layers: ['#2fbf8f', '#f2a93b', '#8fa3ad'],
};

/** Draws the card: a network of three layers at the left, and what its owner added at the right. */
export function drawCard(canvas: HTMLCanvasElement, { title, lines, about, address }: CardText): void {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws no pictures');
  context.fillStyle = COLORS.ground;
  context.fillRect(0, 0, CARD_WIDTH, CARD_HEIGHT);
  drawLayers(context);
  const left = 320;
  const most = CARD_WIDTH - left - MARGIN;
  write(context, title, left, 150, { size: 60, weight: 700, color: COLORS.ink, most });
  for (const [i, line] of lines.entries())
    write(context, line, left, 260 + 64 * i, { size: 40, weight: 400, color: COLORS.ink, most });
  write(context, about, left, CARD_HEIGHT - 110, { size: 28, weight: 400, color: COLORS.quiet, most });
  write(context, address, left, CARD_HEIGHT - 66, { size: 28, weight: 400, color: COLORS.quiet, most });
}

function drawLayers(context: CanvasRenderingContext2D): void {
  for (const [i, color] of COLORS.layers.entries()) {
    context.fillStyle = color;
    context.beginPath();
    context.roundRect(MARGIN, 130 + i * 130, 170, 100, 24);
    context.fill();
  }
}

interface Style {
  readonly size: number;
  readonly weight: number;
  readonly color: string;
  /** Pixels that the text may be wide. A longer one is drawn smaller. */
  readonly most: number;
}

function write(context: CanvasRenderingContext2D, text: string, x: number, y: number, style: Style): void {
  const fontOf = (size: number): string => `${style.weight} ${size}px system-ui, sans-serif`;
  context.font = fontOf(style.size);
  const width = context.measureText(text).width;
  if (width > style.most) context.font = fontOf(Math.floor((style.size * style.most) / width));
  context.fillStyle = style.color;
  context.fillText(text, x, y, style.most);
}
