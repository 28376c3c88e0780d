/** What `--help` prints. */
export const USAGE = `npm run bench:learning -- [flags]

Trains models by learning plans at equal budgets and compares them seed by seed. Every finished run is a line in the
file of --out. Runs that the file already has are not done again, so an interrupted bench goes on where it stopped.

What is compared
  --models LIST         cnn, vgg16, resnext, densenet in a browser's width, or any name of the zoo (cnn,vgg16,resnext,densenet)
  --full                the families as published
  --plans LIST          with settings: growing-together:growAt=0.5,rate=0.02,segments=3 or cut=pool3, heads=dense
                        (conventional,growing-together,student-alone); several cuts are joined by +
  --rates LIST          model=rate,…, or a grid 0.01,0.02 that each plan tries (on the development split)
  --config FILE.json    the arms, from a file: [{ "arm", "model", "plan", "settings", "rate", "segments", "cuts", "heads",
                        "devices" }, …]; arm is its name in tables, "devices": "all" gives each of its devices room for all
On which data
  --dataset NAME        cifar-10, fashion-mnist, mnist from ../shared/data, or glyphs, which are drawn (cifar-10)
  --examples N          training pictures (10000)
  --split dev|test      2,000 training pictures that are kept apart for tuning, or the test pictures (test)
  --seeds N|LIST        how many, from seed 1 on; or a list: 4,5,6, or 4, for one seed (3)
What is equal
  --match WHAT          flops, steps, bytes sent, or rounds (flops)
  --budget N            passes of conventional training over the pictures that a run may cost (4); with --match rounds
                        so many passes for every plan, whatever they cost, and with --own the number of rounds
How
  --lease-examples N    pictures of a lease (500)
  --batch N             pictures of a training step (32)
  --backend NAME        wasm, or webgpu: the graphics card, also a software one (wasm)
  --threads N           threads of the WebAssembly backend (1)
  --processes N         so many runs at once, each in a process of its own (1)
  --federated           over the real round machine, with --volunteers N (4), --partition iid|dirichlet:ALPHA (iid),
                        --local-epochs N (the plan's)
  --own                 each volunteer has its share of the pictures, the same in every round, and nobody else has them
  --devices LIST        SHARE:ROOM,… what the volunteers' devices have room for: so many segments from the front, whole,
                        or what fits a memory: 0.5:1,0.5:whole or 0.5:60MB,0.5:400MB; needs --match rounds
Many comparisons
  --queue FILE.json     comparisons one after the other, with --backend, --threads, --processes,
                        --plot and --json only:
                        { "out": FILE.jsonl, "runs": [{ "name", "terms", "seeds", "arms", "tune", "pairs", "out" }, …] }
                        terms: dataset, examples, split, match, budget, leaseExamples, batch, federated, volunteers,
                        partition, localEpochs, devices, own, as the flags; arms: as in --config
                        tune: { "seeds", "rates" }, tried on the development split by each arm without a rate
                        pairs: [["arm", "arm"], ["arm:last", "arm:student"], …], differences to be told
                        It goes on where it was; SIGINT or SIGTERM ends it after the round in hand.
  --status              with --queue: what is done and left, and the tables so far, without runs
Output
  --out FILE.jsonl      rows (test/bench/results/learning-…-vN.jsonl, N the version of the code); rows of
                        another version are for --report only
  --plot FILE.svg       a plot of the rows
  --json FILE           the rows as other benches write theirs
  --report              only the table and plot of all rows of the file, without runs`;
