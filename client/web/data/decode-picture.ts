import type { WantedPicture } from '../../../shared/datasets/import/decode-picture.ts';
import { ownedBytes } from '../../../shared/math/bytes.ts';
import type { ImageShape } from '../../../shared/protocol/part-size.ts';
import { accepted, type Result, refused } from '../../../shared/protocol/refusals.ts';

/** Parts of red, green and blue in grey, of ITU-R BT.601, which JPEG and other programs go by. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** What is transparent is seen on white in most programs. */
const BEHIND = '#fff';

/** Decodes in a Web Worker. The browser follows a camera's note on which side is up. */
export async function decodePicture(bytes: Uint8Array, wanted: WantedPicture): Promise<Result<Uint8Array>> {
  const bitmap = await createImageBitmap(new Blob([ownedBytes(bytes)])).catch(() => null);
  if (!bitmap)
    return refused('malformed', 'cannot be decoded: it is damaged, or this browser does not know its kind');
  try {
    return accepted(pixelsOf(drawInto(bitmap, wanted), wanted.shape));
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

function pixelsOf(rgba: Uint8ClampedArray, { height, width, channels }: ImageShape): Uint8Array {
  const pixels = new Uint8Array(height * width * channels);
  const [red, green, blue] = LUMA;
  for (let i = 0, from = 0, to = 0; i < height * width; i++, from += 4, to += channels) {
    const [r, g, b] = [rgba[from] as number, rgba[from + 1] as number, rgba[from + 2] as number];
    if (channels === 1) pixels[to] = Math.round(red * r + green * g + blue * b);
    else {
      pixels[to] = r;
      pixels[to + 1] = g;
      pixels[to + 2] = b;
    }
  }
  return pixels;
}
