import { addToCorpus } from '../fuzz/corpus.ts';
import { formatTable, orRefuse, parseCount, parseFlags, refuseFlags } from './report.ts';

const help = `npm run fuzz -- [flags]

Tries every decoder of bytes and JSON that come from outside with inputs that are nearly right: bits turned, cut, doubled,
lengths that are huge, values that nest deep, names that are long. A decoder must refuse them in its own words. It must not
throw anything else, hang, or take more memory than it is allowed for an input of that length. An input at which one fails
is made as small as it gets, and kept in test/fuzz/corpus: the tests try it from then on.

  --runs N                 inputs for each decoder; a slow one gets its share of them (20000)
  --seed S                 everything is drawn from it (1)
  --decoders NAME[,NAME]   those whose names contain one of these (all)`;

const flags = parseFlags(
  {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    decoders: { type: 'string', default: '' },
  },
  help,
);

const [runs, seed] = orRefuse(() => [parseCount('runs', flags.runs), parseCount('seed', flags.seed)]);
// The libraries of all decoders take a second to load. Help does not wait for them.
const { decoders } = await import('../fuzz/decoders.ts');
const { fuzz } = await import('../fuzz/fuzz.ts');
const wanted = flags.decoders.split(',');
const names = decoders.map(({ name }) => name).filter(name => wanted.some(part => name.includes(part)));
if (names.length === 0)
  refuseFlags(`--decoders ${flags.decoders}: there is ${decoders.map(({ name }) => name).join(', ')}`);

let startedAt = performance.now();
let done = 0;
const rows: string[][] = [];
await fuzz({
  ...{ names, seed, runs },
  onReport: ({ decoder, runs: tried, failure }) => {
    done += 1;
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    startedAt = performance.now();
    console.log(
      `${done} of ${names.length}: ${decoder}, ${tried} inputs in ${seconds} s${failure ? ', FAILED' : ''}`,
    );
    if (failure) console.log(`  ${failure.problem}\n  kept as ${addToCorpus(decoder, failure.input)}`);
    if (failure) rows.push([decoder, failure.problem.slice(0, 100)]);
  },
});
console.log(
  rows.length === 0
    ? `All ${names.length} decoders held, seed ${seed}.`
    : formatTable(['decoder', 'problem'], rows),
);
process.exit(rows.length === 0 ? 0 : 1);
