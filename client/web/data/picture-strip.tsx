import { useEffect, useRef } from 'preact/hooks';
import type { Pictures } from '../../../shared/datasets/examples.ts';
import { pixelsPerImage } from '../../../shared/protocol/part-size.ts';

interface PictureStripProps {
  readonly pictures: Pictures;
  /** What a screen reader says in its place. */
  readonly label: string;
}

/** Pictures side by side, each pixel as a network gets it. One canvas, because a page of hundreds of classes has many. */
export function PictureStrip({ pictures, label }: PictureStripProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { height, width } = pictures.shape;
  const count = countOf(pictures);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context) drawSideBySide(context, pictures);
  }, [pictures]);
  return (
    <canvas
      ref={canvas}
      class="picture-strip"
      role="img"
      aria-label={label}
      width={count * width}
      height={height}
    />
  );
}

const countOf = ({ pixels, shape }: Pictures): number => pixels.length / pixelsPerImage(shape);

function drawSideBySide(context: CanvasRenderingContext2D, pictures: Pictures): void {
  const { height, width } = pictures.shape;
  for (let i = 0; i < countOf(pictures); i++) {
    const image = context.createImageData(width, height);
    image.data.set(rgbaOf(pictures, i));
    context.putImageData(image, i * width, 0);
  }
}

/** One grey channel, or the first three as red, green and blue. */
function rgbaOf({ pixels, shape }: Pictures, index: number): Uint8ClampedArray {
  const { height, width, channels } = shape;
  const rgba = new Uint8ClampedArray(4 * height * width);
  const isGrey = channels < 3;
  let from = index * height * width * channels;
  for (let to = 0; to < rgba.length; to += 4, from += channels)
    rgba.set([at(from), at(isGrey ? from : from + 1), at(isGrey ? from : from + 2), 255], to);
  return rgba;
  function at(i: number): number {
    return pixels[i] as number;
  }
}
