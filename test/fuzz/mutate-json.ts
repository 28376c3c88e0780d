import fc from 'fast-check';

/** Text that stands in JSON where a value was. Not all of it is JSON. */
const nested = (depth: number, open: string, close: string): string =>
  open.repeat(depth) + close.repeat(depth);

const long = (text: string, times: number): string => `"${text.repeat(times)}"`;

const wide = (item: string, times: number): string => `[${Array(times).fill(item).join()}]`;

const keyed = (times: number, value: string): string =>
  `{${Array.from({ length: times }, (_, i) => `"k${i}":${value}`).join()}}`;

/** JSON never gets longer than this, so that a run stays quick. */
const LONGEST = 300_000;

const DEPTHS = [3, 30, 300, 3_000, 60_000];
const FACTORS = [-1, 0.5, 2 ** 31, 1e300, 0];
const COUNTS = [2, 50, 3_000, 60_000];

/** Texts that need no long list to say what they are. */
const replacements: readonly string[] = [
  ...['null', 'true', '0', '-1', '1.5', '""', '[]', '{}', '-0', '1e308', '1e999', '-1e999', '5e-324'],
  ...['NaN', 'Infinity', 'undefined', '9007199254740993', '4294967296', '0x10', '01', "'a'", '"\\ud800"'],
  ...[
    '"__proto__"',
    '"constructor"',
    '"toString"',
    '"\\u0000"',
    '"\\u202e"',
    '"../../x"',
    '"[object Object]"',
  ],
  ...['{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}'],
  ...['{"toString":null}', '{"length":4294967295}', '{"valueOf":1,"toString":1}', '{"then":{}}'],
  ...DEPTHS.map(depth => nested(depth, '[', ']')),
  ...DEPTHS.map(depth => nested(depth, '{"a":', '}').replace('}', '1}')),
  ...DEPTHS.map(depth => nested(depth, '[{"config":', '}]').replace('}', '0}')),
  ...COUNTS.flatMap(count => [
    long('x', count),
    long('\\u0000', count),
    keyed(count, '0'),
    keyed(count, '"A"'),
  ]),
  ...COUNTS.flatMap(count => ['0', '""', 'null', '[]', '{}', '-1.5'].map(item => wide(item, count))),
];

type Json = unknown;
type JsonPath = readonly (string | number)[];

const isTree = (value: Json): value is Record<string, Json> => typeof value === 'object' && value !== null;

/** All places in a value, the whole first. */
function placesOf(value: Json, path: JsonPath = []): JsonPath[] {
  if (!isTree(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]))];
}

/** A copy in which something else stands at a place. */
function changed(value: Json, path: JsonPath, change: (old: Json) => Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (!isTree(value)) return value;
  const inner = changed(value[key], rest, change);
  return Array.isArray(value)
    ? value.map((item, i) => (String(i) === String(key) ? inner : item))
    : { ...value, [key]: inner };
}

/** A list of the same again and again, which is no longer than an input may be. */
function repeated(item: Json, count: number): Json[] {
  const length = JSON.stringify(item)?.length ?? 1;
  return Array(Math.max(1, Math.min(count, Math.floor(LONGEST / length)))).fill(item);
}

/** A mark that stands for raw text until the value is written. */
const mark = (index: number): string => `\u0001raw ${index}\u0001`;
const marks = /"\\u0001raw (\d+)\\u0001"/g;

/** Things that go wrong with a value in its place. A marked one becomes the text of that number. */
const steps: readonly ((old: Json, value: number) => Json)[] = [
  (_, value) => mark(value % replacements.length),
  (_, value) => mark(value % replacements.length),
  old => (Array.isArray(old) ? [...old, ...old] : old),
  (old, value) => (Array.isArray(old) ? old.filter((_, i) => i !== value % (old.length || 1)) : old),
  (old, value) => (Array.isArray(old) && old.length > 0 ? repeated(old[0], COUNTS[value & 3] ?? 1) : old),
  (old, value) =>
    isTree(old) && !Array.isArray(old)
      ? Object.fromEntries(Object.entries(old).filter((_, i) => i !== value % (Object.keys(old).length || 1)))
      : old,
  (old, value) =>
    isTree(old) && !Array.isArray(old)
      ? { ...old, [`own ${value}`]: mark(value % replacements.length) }
      : old,
  (old, value) => (typeof old === 'string' ? old + old.slice(0, value & 15) : old),
  (old, value) => (typeof old === 'number' ? old * (FACTORS[value % FACTORS.length] ?? 1) : old),
];

const stepDraw = fc.record({ step: fc.nat(steps.length - 1), place: fc.nat(0xfffff), value: fc.nat(0xffff) });

function write(value: Json): string {
  const text = JSON.stringify(value) ?? 'null';
  let left = LONGEST - text.length;
  return text.replace(marks, (_, index: string) => {
    const raw = replacements[Number(index)] ?? 'null';
    left -= raw.length;
    return left > 0 ? raw : 'null';
  });
}

/** One of these values with nothing wrong, or with up to three things, as text. */
export const mutatedText = (samples: readonly Json[]): fc.Arbitrary<string> =>
  fc
    .record({ sample: fc.nat(samples.length - 1), drawn: fc.array(stepDraw, { maxLength: 3 }) })
    .map(({ sample, drawn }) => {
      const value = drawn.reduce<Json>((tree, { step, place, value: number }) => {
        const places = placesOf(tree);
        const path = places[place % places.length] ?? [];
        return changed(tree, path, old => steps[step]?.(old, number));
      }, samples[sample]);
      return write(value).slice(0, LONGEST);
    });

/** The same as bytes, some of which go wrong too. */
export const mutatedJson = (samples: readonly Json[]): fc.Arbitrary<Uint8Array> =>
  mutatedText(samples).map(text => new Uint8Array(Buffer.from(text)));
