import { pixelsOf } from '../../../../shared/datasets/import/pixels-of.ts';
import type { PictureStyle } from '../../../../shared/datasets/picture-style.ts';
import type { ImageShape } from '../../../../shared/protocol/part-size.ts';
import { fitStrokes, type Stroke } from './fit-strokes.ts';
import { withGround } from './with-ground.ts';

/** A canvas of the network's size, in the memory of the processor, since its pixels are read back. */
function contextOf({ height, width }: ImageShape): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser cannot draw');
  return context;
}

const bytesOf = (context: CanvasRenderingContext2D, shape: ImageShape): Uint8Array =>
  pixelsOf(context.getImageData(0, 0, shape.width, shape.height).data, 4, shape);

/** A drawing as the network's picture: as large, as thick and where the data set has its things. */
export function pictureOfStrokes(
  strokes: readonly Stroke[],
  style: PictureStyle,
  shape: ImageShape,
): Uint8Array {
  const context = contextOf(shape);
  const isDark = style.ground === 'dark';
  context.fillStyle = isDark ? '#000' : '#fff';
  context.fillRect(0, 0, shape.width, shape.height);
  const fitted = fitStrokes(strokes, style, shape);
  context.strokeStyle = isDark ? '#fff' : '#000';
  drawStrokes(context, fitted.strokes, fitted.lineWidth);
  return bytesOf(context, shape);
}

/** Round strokes through their points. */
export function drawStrokes(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  lineWidth: number,
): void {
  context.lineWidth = lineWidth;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const stroke of strokes) {
    context.beginPath();
    for (const [i, [x, y]] of stroke.entries()) {
      if (i === 0) context.moveTo(x, y);
      context.lineTo(x, y);
    }
    context.stroke();
  }
}

/** What can be drawn on a canvas, with its size. */
export interface Seen {
  readonly source: CanvasImageSource;
  readonly height: number;
  readonly width: number;
}

/** What lies in the middle of a photograph, as the network's picture. What is transparent is white. */
export function pictureOf(
  { source, height, width }: Seen,
  style: PictureStyle,
  shape: ImageShape,
): Uint8Array {
  const context = contextOf(shape);
  const scale = Math.max(shape.width / width, shape.height / height);
  const [cutWidth, cutHeight] = [shape.width / scale, shape.height / scale];
  context.fillStyle = '#fff';
  context.fillRect(0, 0, shape.width, shape.height);
  context.imageSmoothingQuality = 'high';
  const [left, top] = [(width - cutWidth) / 2, (height - cutHeight) / 2];
  context.drawImage(source, left, top, cutWidth, cutHeight, 0, 0, shape.width, shape.height);
  return withGround(bytesOf(context, shape), style, shape);
}
