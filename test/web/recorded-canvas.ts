/** A line as a chart library strokes it: the places it goes through, in pixels, and its colour. */
export interface DrawnLine {
  readonly color: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Path2D, which no DOM in Node has: keeps where it was led. */
class RecordedPath {
  readonly points: [number, number][] = [];
  moveTo = (x: number, y: number): void => void this.points.push([x, y]);
  lineTo = (x: number, y: number): void => void this.points.push([x, y]);
  rect = (): void => {};
  arc = (): void => {};
  closePath = (): void => {};
}

const lines: DrawnLine[] = [];

const known = {
  strokeStyle: '',
  stroke(path?: RecordedPath): void {
    if (path) lines.push({ color: this.strokeStyle, points: path.points });
  },
  measureText: () => ({ width: 8 }),
  createImageData: (width: number, height: number) => ({ data: new Uint8ClampedArray(4 * width * height) }),
};

/** A 2D context that keeps what is stroked and takes everything else as done. */
const context: object = new Proxy(known, { get: (target, name) => Reflect.get(target, name) ?? (() => {}) });

/** Puts it in the place of the canvas, which no DOM in Node has. */
export function installCanvas(): void {
  Object.assign(globalThis, { Path2D: RecordedPath });
  Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', {
    value: () => context,
    configurable: true,
  });
}

/** The lines that were stroked since the last time. */
export const takeLines = (): DrawnLine[] => lines.splice(0);
