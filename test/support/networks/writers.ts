import type { WrittenModel } from './model-file.ts';
import type { Sketch } from './sketch.ts';
import type { Meaning } from './tfjs-layers.ts';
import { asKeras2 } from './write-keras2.ts';
import { asKeras3 } from './write-keras3.ts';
import { asKerasZip } from './write-keras3-zip.ts';
import { asTfjs } from './write-tfjs.ts';

/** How a network is written, and what its words mean there. */
export interface Writer {
  readonly write: (sketch: Sketch) => WrittenModel;
  readonly meaning: Meaning;
}

/** Each kind of `model.json` that people have. */
export const writers: Readonly<Record<string, Writer>> = {
  'Keras 2': { write: asKeras2, meaning: 2 },
  'Keras 3': { write: asKeras3, meaning: 3 },
  'Keras 3 in a .keras file': { write: asKerasZip, meaning: 3 },
  tfjs: { write: asTfjs, meaning: 2 },
};
