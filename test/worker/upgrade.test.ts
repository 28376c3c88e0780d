import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { editStorage } from '../support/edit-storage.ts';
import { splitRows } from '../support/older-coordinator.ts';
import { publishedVersion } from '../support/poll.ts';
import { type KeptRun, keptChange, keptRuns, shownHashes } from '../support/published-bytes.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun, joinMany, type TinyRun, type TinyVolunteer, train } from '../support/tiny-run.ts';

let platform: TestPlatform;

beforeEach(async () => {
  platform = new TestPlatform();
  await platform.start();
});
afterEach(() => platform.remove());

/** A coordinator's rows as they were written when `stage`, `goals` and `deadlineAt` implied what a round's status says. */
function downgradeCoordinator(database: DatabaseSync): void {
  splitRows(database);
  const rows = database.prepare("SELECT kind, id, json FROM item WHERE kind IN ('core', 'volunteer')").all();
  const put = database.prepare('UPDATE item SET json = ? WHERE kind = ? AND id = ?');
  for (const { kind, id, json } of rows)
    put.run(JSON.stringify(downgrade(String(kind), String(json))), kind ?? null, id ?? null);
}

type Fields = Readonly<Record<string, unknown>>;

interface Rows {
  readonly core: Fields & { readonly round: Fields; readonly divergence: { readonly trainedBy: unknown } };
  readonly volunteer: Fields & Readonly<Record<'identity' | 'presence' | 'reliability', Fields>>;
}

const downgrade = (kind: string, json: string): Fields =>
  kind === 'volunteer' ? downgradeVolunteer(JSON.parse(json)) : downgradeCore(JSON.parse(json));

function downgradeVolunteer({ identity, presence, reliability, ...rest }: Rows['volunteer']): Fields {
  const { leasesWithoutUpdate: unanswered, ...kept } = reliability;
  return { ...rest, ...identity, ...presence, ...kept, unanswered };
}

function downgradeCore({ round, divergence, ...rest }: Rows['core']): Fields {
  const { status: _, number, goals = {}, served, deadlineAt = null, idleSince = null } = round;
  const { trainedBy } = divergence;
  return {
    ...rest,
    stage: 'training',
    round: number,
    goals,
    served,
    folded: {},
    deadlineAt,
    idleSince,
    trainedBy,
  };
}

/** Norms by lease. */
type Norms = ReadonlyMap<string, number>;

/**
 * A cohort's tables of the same time: norms in place of a rule's facts and memory, and what the coordinator had not heard
 * in an outbox. A rule that knows no norm left one all the same. One entry is in the outbox: it was told, and is told again.
 */
function downgradeCohort(database: DatabaseSync): Norms {
  database.exec(`
    CREATE TABLE accepted (
      number INTEGER PRIMARY KEY AUTOINCREMENT, lease TEXT NOT NULL UNIQUE, volunteer TEXT NOT NULL,
      round INTEGER NOT NULL, weight REAL NOT NULL, norm REAL NOT NULL, envelope BLOB, object TEXT);
    CREATE INDEX accepted_by_round ON accepted (round, volunteer);
    CREATE TABLE outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, json TEXT NOT NULL);
    CREATE TABLE refused (lease TEXT PRIMARY KEY, round INTEGER NOT NULL, count INTEGER NOT NULL);
    INSERT INTO accepted (lease, volunteer, round, weight, norm, envelope, object)
      SELECT lease, volunteer, round, weight, coalesce(json_extract(facts, '$.norm'), 1), envelope, object
      FROM returned WHERE weight IS NOT NULL ORDER BY number;
    INSERT INTO outbox (json) SELECT entry FROM returned ORDER BY number DESC LIMIT 1;
    UPDATE accepted SET envelope = NULL WHERE round <= (SELECT max(round) FROM folded);
    INSERT INTO setting (name, json)
      SELECT 'norms', json_object('trains', json_extract(json, '$.trains'),
                                  'rounds', json_extract(json, '$.memory.norms'))
      FROM setting WHERE name = 'memory';
    DELETE FROM setting WHERE name IN ('memory', 'told', 'archivedRound');
    DROP TABLE returned;
    DROP TABLE settled;
    DROP TABLE storage_version;
  `);
  const rows = database.prepare('SELECT lease, norm FROM accepted').all();
  return new Map(rows.map(({ lease, norm }) => [String(lease), Number(norm)]));
}

/** The facts that the upgrade made of these norms, by lease. */
const factsOf = (database: DatabaseSync): Norms =>
  new Map(
    database
      .prepare('SELECT lease, facts FROM returned WHERE weight IS NOT NULL')
      .all()
      .map(({ lease, facts }) => [String(lease), JSON.parse(String(facts)).norm]),
  );

async function trainRound(
  tiny: TinyRun,
  volunteers: readonly TinyVolunteer[],
  round: number,
  places: readonly number[],
): Promise<void> {
  for (const place of places) {
    const volunteer = volunteers[place];
    const change = keptChange(round, place, place === volunteers.length - 1);
    if (volunteer) await train(platform.client, tiny, volunteer, change, { codec: { name: 'f32' } });
  }
}

test.each(keptRuns.filter(({ published }) => published.length > 2))(
  'a run of $aggregation that an older version kept in the middle of a round goes on to the bytes it would have published',
  async (kept: KeptRun) => {
    const policy = { updatesPerRound: kept.volunteers, evaluators: 'referees' } as const;
    const { aggregation, robust } = kept;
    const spec = { ...kept.spec, aggregation, robust, codec: { name: 'f32' }, policy } as const;
    const tiny = await createTinyRun(platform.client, { model: kept.model(), spec });
    const volunteers = await joinMany(platform.client, tiny.run, kept.volunteers);
    const everyone = volunteers.map((_, place) => place);
    await trainRound(tiny, volunteers, 1, everyone);
    await publishedVersion(platform.client, tiny.run, 1);
    await trainRound(tiny, volunteers, 2, everyone.slice(0, 2));
    await platform.stop();
    editStorage(platform.folder, 'coordinators', downgradeCoordinator);
    const norms = editStorage(platform.folder, 'cohorts', downgradeCohort).flatMap(of => [...of]);
    await platform.start();
    await trainRound(tiny, volunteers, 2, everyone.slice(2));
    for (const round of [2, 3]) {
      if (round > 2) await trainRound(tiny, volunteers, round, everyone);
      const manifest = await publishedVersion(platform.client, tiny.run, round);
      expect(shownHashes(manifest)).toEqual(kept.published[round - 1]);
    }
    await platform.stop();
    const facts = new Map(editStorage(platform.folder, 'cohorts', factsOf).flatMap(of => [...of]));
    expect(norms.length).toBeGreaterThan(0);
    for (const [lease, norm] of norms) expect(facts.get(lease), 'to its last digit').toBe(norm);
  },
);
