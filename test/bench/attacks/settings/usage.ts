import { attackTable } from '../attack-table.ts';

const attacks = Object.entries(attackTable)
  .map(([name, { about }]) => `  ${name.padEnd(20)}  ${about}`)
  .join('\n');

/** What `--help` prints. */
export const USAGE = `npm run bench:attacks -- [flags]

Trains runs with hostile volunteers, over the real round machine, checks and aggregation, and tells what each attack
costs under each rule. Every finished cell is a line in the file of --out. Cells that the file already has are not done
again, so an interrupted bench goes on where it stopped.

What is compared; every combination is a cell
  --attacks LIST        of those below (all)
  --rules LIST          of the table of aggregation rules (all)
  --buckets LIST        so many updates are averaged before the rule sees them (1)
  --shares LIST         of the volunteers that are hostile, each below 0.5; one at least is (0.1,0.2,0.3,0.4)
  --volunteers LIST     how many there are (4,10,30)
  --updates N           so many a round are wanted, of all roles together (one of each volunteer)
  --partitions LIST     whose pictures are whose: iid, dirichlet:ALPHA (iid,dirichlet:0.5)
  --seeds N|LIST        how many, from seed 1 on; or a list: 4,5,6, or 4, for one seed (3)
  --quick               a cell of each kind, in a minute; other flags change what it compares
  --page                the cells of test/bench/results/attacks.md; of other flags only --data and those of output count
In which run
  --data NAME           digits, fashion-mnist, mnist from ../shared/data, or glyphs, which are drawn (digits)
  --plan NAME           layer-to-layer or conventional (layer-to-layer)
  --rounds N            (12)
  --assumed SHARE       of updates that rules take for hostile (0.3, as runs do)
  --referee             with the host's referee; fltrust always has one
  --unchecked           the referee does not check versions before they are out
  --judges WHO          who judges versions if a referee is there: referees, or volunteers as by default (referees)
  --falls               the run returns to its best version if a newer one is much worse, as the product's runs do
  --parts-for WHOM      volunteer: each has pictures of its own; anyone: all train on the next ones (volunteer)
Output
  --out FILE.jsonl      rows (test/bench/results/attacks-DATA-vN.jsonl, N the version of the code)
  --plot FILE.svg       a picture of the points that each attack costs
  --json FILE           the rows as other benches write theirs
  --report              only the tables and the picture of the file's rows, without runs; other flags choose rows

Attacks
${attacks}`;
