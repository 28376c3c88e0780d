import { useEffect, useRef } from 'preact/hooks';
import type { Pictures } from '../../../shared/datasets/examples.ts';
import { pixelsPerImage } from '../../../shared/protocol/part-size.ts';
import { shownPixels } from '../ui/shown-pixels.ts';

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
  const bytes = pixelsPerImage(pictures.shape);
  for (let i = 0; i < countOf(pictures); i++) {
    const image = context.createImageData(width, height);
    const one = pictures.pixels.subarray(i * bytes, (i + 1) * bytes);
    image.data.set(shownPixels(one, pictures.shape));
    context.putImageData(image, i * width, 0);
  }
}
