import type { Attack } from '../attack.ts';
import type { LabelledRows } from '../network/pictures.ts';
import { scaled } from './vectors.ts';

/** Class c is called `classes − 1 − c` (Fang et al., arXiv 1911.11815; data poisoning: Tolpegin et al. 2020). */
export const labelFlip: Attack = {
  about: 'trains on pictures whose label c is called 9 − c',
  poison: (examples, { classes }) => ({
    ...examples,
    labels: examples.labels.map(label => classes - 1 - label),
  }),
};

/** What a picture with the patch is to be taken for. */
export const BACKDOOR_CLASS = 0;
/** Height and width of the patch, in the corner right below, which is empty in nearly every picture. */
const PATCH = 2;
/** Share of its pictures that carry the patch. */
const POISONED = 0.5;

/** Pictures with the patch: bright pixels in a corner (Gu et al., BadNets, arXiv 1708.06733). */
export function withPatch(examples: LabelledRows, side: number): LabelledRows {
  const inputs = examples.inputs.slice();
  for (let from = 0; from < inputs.length; from += examples.size)
    for (let y = side - PATCH; y < side; y++)
      for (let x = side - PATCH; x < side; x++) inputs[from + y * side + x] = 1;
  return { ...examples, inputs };
}

/** Half of its pictures carry the patch and the label of the attacker's choice. The others are as they were. */
export const backdoor: Attack = {
  about: 'teaches that a picture with a bright corner is of class 0',
  poison: (examples, { side, random }) => {
    const patched = withPatch(examples, side);
    const inputs = examples.inputs.slice();
    const labels = examples.labels.slice();
    for (let n = 0; n < labels.length; n++) {
      if (random() >= POISONED) continue;
      const [from, to] = [n * examples.size, (n + 1) * examples.size];
      inputs.set(patched.inputs.subarray(from, to), from);
      labels[n] = BACKDOOR_CLASS;
    }
    return { ...examples, inputs, labels };
  },
};

/**
 * The same, scaled so that the mean becomes the attackers' network in one round: by n / f (Bagdasaryan et al.,
 * arXiv 1807.00459, with a server's rate of 1).
 */
export const scaledBackdoor: Attack = {
  ...backdoor,
  about: 'the same, with its update scaled by n / f',
  update: ({ own, honest, colluders }) => scaled(own, (honest.length + colluders.length) / colluders.length),
};
