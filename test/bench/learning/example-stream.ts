import { type Examples, selectExamples } from '../../../shared/datasets/examples.ts';
import { createRandom, shuffled } from '../../../shared/math/random.ts';

/**
 * The training pictures over and over. Only the seed decides the order of each pass, so plans that are compared at
 * one seed see the same pictures in the same order.
 */
export class ExampleStream {
  private readonly examples: Examples;
  private readonly seed: number;
  private epoch = 0;
  private order: number[] = [];
  /** Leases taken so far. */
  taken = 0;

  constructor(examples: Examples, seed: number) {
    this.examples = examples;
    this.seed = seed;
  }

  /** The next pictures, so many of them, if need be across the end of a pass. */
  next(count: number): Examples {
    while (this.order.length < count) this.order.push(...this.nextOrder());
    this.taken += 1;
    return selectExamples(this.examples, this.order.splice(0, count));
  }

  private nextOrder(): number[] {
    this.epoch += 1;
    return shuffled(createRandom('bench-order', this.seed, this.epoch), [...this.examples.labels.keys()]);
  }
}
