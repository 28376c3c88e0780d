/** What the file of known values holds, made from results of the CPU backend: `client/trainer/backends/known-values.ts`. */
export function encodeAnswers(answers: ReadonlyMap<string, ArrayLike<number>>): string {
  const results = [...answers].map(([name, values]) => ({ name, values: Array.from(values) }));
  const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));
  const parts = results.flatMap(({ values }) =>
    values.map(value => Math.round((value / largest(values)) * 32_767)),
  );
  const lines = results.map(
    ({ name, values }) => `  ['${name}', ${values.length}, ${Number(largest(values).toPrecision(8))}],`,
  );
  const encoded = Buffer.from(Int16Array.from(parts).buffer).toString('base64');
  return [
    '/**',
    ' * What the plain kernels of the CPU backend make of the tiny network in `known-answer.ts`: for each result its name,',
    ' * its size and its largest value. A test holds them, and prints this file anew if the network is changed.',
    ' */',
    'export const KNOWN_RESULTS: readonly (readonly [name: string, size: number, largest: number])[] = [',
    ...lines,
    '];',
    '',
    "/** All values one after the other, as 16-bit parts of their result's largest one, in base64. */",
    'export const KNOWN_PARTS =',
    `  '${encoded}';`,
    '',
  ].join('\n');
}
