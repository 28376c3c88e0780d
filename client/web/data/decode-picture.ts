import type { WantedPicture } from '../../../shared/datasets/import/decode-picture.ts';
import { pixelsOf } from '../../../shared/datasets/import/pixels-of.ts';
import { ownedBytes } from '../../../shared/math/bytes.ts';
import type { ImageShape } from '../../../shared/protocol/part-size.ts';
import { accepted, type Result, refused } from '../../../shared/protocol/refusals.ts';

/** What is transparent is seen on white in most programs. */
const BEHIND = '#fff';

/** Decodes in a Web Worker. The browser follows a camera's note on which side is up. */
export async function decodePicture(bytes: Uint8Array, wanted: WantedPicture): Promise<Result<Uint8Array>> {
  const bitmap = await createImageBitmap(new Blob([ownedBytes(bytes)])).catch(() => null);
  if (!bitmap)
    return refused('malformed', 'cannot be decoded: it is damaged, or this browser does not know its kind');
  try {
    return accepted(pixelsOf(drawInto(bitmap, wanted), 4, wanted.shape));
  } finally {
    bitmap.close();
  }
}

let canvas: OffscreenCanvas | null = null;

/** One canvas serves all pictures, and lies in the memory of the processor: nothing is read back from a graphics card. */
function contextOf({ height, width }: ImageShape): OffscreenCanvasRenderingContext2D {
  canvas ??= new OffscreenCanvas(width, height);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser cannot draw outside the page');
  return context;
}

function drawInto(bitmap: ImageBitmap, { shape, fit }: WantedPicture): Uint8ClampedArray {
  const { height, width } = shape;
  const context = contextOf(shape);
  const [across, down] = [width / bitmap.width, height / bitmap.height];
  const scale = Math.max(across, down);
  const [cutWidth, cutHeight] =
    fit === 'crop' ? [width / scale, height / scale] : [bitmap.width, bitmap.height];
  const [left, top] = [(bitmap.width - cutWidth) / 2, (bitmap.height - cutHeight) / 2];
  context.fillStyle = BEHIND;
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, left, top, cutWidth, cutHeight, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}
