import { useEffect, useRef } from 'preact/hooks';
import type { ImageShape } from '../../../shared/protocol/part-size.ts';
import { shownPixels } from '../ui/shown-pixels.ts';

interface PixelCanvasProps {
  readonly pixels: Uint8Array;
  readonly shape: ImageShape;
  /** What it shows; left out if a text beside it says so. */
  readonly label?: string;
}

/** A picture as the network sees it, pixel by pixel. */
export function PixelCanvas({ pixels, shape, label }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.putImageData(new ImageData(shownPixels(pixels, shape), shape.width, shape.height), 0, 0);
  }, [pixels, shape]);
  const named =
    label === undefined
      ? ({ 'aria-hidden': true } as const)
      : ({ role: 'img', 'aria-label': label } as const);
  return <canvas ref={canvas} class="pixels" width={shape.width} height={shape.height} {...named} />;
}
