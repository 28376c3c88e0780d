import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { tryWords } from '../words/try-words.ts';
import type { Point, Stroke } from './prepare/fit-strokes.ts';
import { drawStrokes } from './prepare/picture-of.ts';

/** Pixels of the board. The page shows it smaller on a phone. */
const SIDE = 320;
const PEN = 18;

interface DrawPadProps {
  /** Called while somebody draws, once a frame at most. */
  readonly onDrawn: (strokes: readonly Stroke[]) => void;
  readonly onClear: () => void;
}

/** Where a mouse, a finger or a pen draws. */
export function DrawPad({ onDrawn, onClear }: DrawPadProps) {
  const words = tryWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const strokes = useRef<Point[][]>([]);
  const frame = useRef(0);
  const isEmpty = useSignal(true);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const show = (): void => {
    if (canvas.current) paint(canvas.current, strokes.current);
    isEmpty.value = strokes.current.length === 0;
    if (strokes.current.length > 0) onDrawn(strokes.current);
  };
  const soon = (): void => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(show);
  };
  const begin = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    canvas.current?.setPointerCapture(event.pointerId);
    strokes.current.push([placeOf(event)]);
    soon();
  };
  const go = (event: PointerEvent): void => {
    if (event.buttons === 0) return;
    strokes.current.at(-1)?.push(placeOf(event));
    soon();
  };
  const clear = (): void => {
    strokes.current = [];
    show();
    onClear();
  };

  return (
    <div class="draw-pad">
      <canvas
        ref={canvas}
        class="draw-canvas"
        data-testid="draw-pad"
        width={SIDE}
        height={SIDE}
        role="img"
        aria-label={words.drawHere}
        onPointerDown={begin}
        onPointerMove={go}
      />
      {isEmpty.value && (
        <span class="draw-hint" aria-hidden="true">
          {words.drawHint}
        </span>
      )}
      <button type="button" class="secondary outline" onClick={clear} disabled={isEmpty.value}>
        {words.clear}
      </button>
    </div>
  );
}

/** The place on the canvas, from 0 to 1. */
function placeOf(event: PointerEvent): Point {
  const { left, top, width, height } = (event.currentTarget as Element).getBoundingClientRect();
  return [(event.clientX - left) / width, (event.clientY - top) / height];
}

function paint(canvas: HTMLCanvasElement, strokes: readonly Stroke[]): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.clearRect(0, 0, SIDE, SIDE);
  context.strokeStyle = getComputedStyle(canvas).color;
  const scaled = strokes.map(stroke => stroke.map(([x, y]): Point => [x * SIDE, y * SIDE]));
  drawStrokes(context, scaled, PEN);
}
