/**
 * Group norm and batch norm are the same arithmetic over different sets of values. A set is a list of places. Each
 * place has a channel, which gives it its scale and shift.
 */
interface Moments {
  readonly mean: number;
  /** Biased: divided by the count. */
  readonly variance: number;
}

const at = (values: Float32Array, place: number): number => values[place] as number;

export function momentsOf(x: Float32Array, places: readonly number[]): Moments {
  const mean = places.reduce((sum, place) => sum + at(x, place), 0) / places.length;
  const variance = places.reduce((sum, place) => sum + (at(x, place) - mean) ** 2, 0) / places.length;
  return { mean, variance };
}

/** What a set's gradient reads, and what it writes: dx, dgamma and dbeta. */
export interface NormTensors {
  readonly x: Float32Array;
  readonly dy: Float32Array;
  readonly gamma: Float32Array;
  readonly dx: Float32Array;
  readonly dgamma: Float32Array;
  readonly dbeta: Float32Array;
}

/**
 * The gradient through one set, with x̂ = (x − mean) · s, s the inverse deviation, and g = dy · gamma: dx = s · (g −
 * mean(g) − x̂ · mean(g · x̂)); dgamma sums dy · x̂ and dbeta sums dy, by channel.
 */
export function backpropSet(
  { x, dy, gamma, dx, dgamma, dbeta }: NormTensors,
  places: readonly number[],
  mean: number,
  inverseDeviation: number,
): void {
  const channels = gamma.length;
  const normal = (place: number): number => (at(x, place) - mean) * inverseDeviation;
  const scaled = (place: number): number => at(dy, place) * at(gamma, place % channels);
  const meanGradient = places.reduce((sum, place) => sum + scaled(place), 0) / places.length;
  const meanProduct = places.reduce((sum, place) => sum + scaled(place) * normal(place), 0) / places.length;
  for (const place of places) {
    const channel = place % channels;
    dx[place] = inverseDeviation * (scaled(place) - meanGradient - normal(place) * meanProduct);
    dgamma[channel] = at(dgamma, channel) + at(dy, place) * normal(place);
    dbeta[channel] = at(dbeta, channel) + at(dy, place);
  }
}
