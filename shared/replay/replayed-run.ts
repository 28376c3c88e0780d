import { layoutShards } from '../codec/shard-layout.ts';
import { foldRequestOf, pendingFolds } from '../federation/round/fold-order.ts';
import type { FoldingRound } from '../federation/round/round-state.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Manifest } from '../protocol/model-outline.ts';
import { compareReturned, compareVersion, type FoldedByRole } from './compare-version.ts';
import { DifferenceFound, ReplayRefusal } from './difference.ts';
import type { LedgerRecord, ToldRound } from './ledger-record.ts';
import type { ReplayPorts } from './ports.ts';
import { ReplayBlobs } from './replay-blobs.ts';
import { RoleReplay } from './role-replay.ts';

export interface ReplayProgress {
  /** The version that is recomputed now, and the last one that will be. */
  readonly version: number;
  readonly last: number;
  /** How many of its updates were read, and how many it has. */
  readonly updates: number;
  readonly allUpdates: number;
}

export type OnProgress = (progress: ReplayProgress) => void;

/** A run as far as it is recomputed. */
export class ReplayedRun {
  private readonly ports: ReplayPorts;
  private readonly ledger: LedgerRecord;
  private readonly onProgress: OnProgress;
  private readonly blobs: ReplayBlobs;
  private readonly roles = new Map<Role, RoleReplay>();
  private manifest: Manifest;

  private constructor(ports: ReplayPorts, ledger: LedgerRecord, manifest: Manifest, onProgress: OnProgress) {
    this.ports = ports;
    this.ledger = ledger;
    this.onProgress = onProgress;
    this.manifest = manifest;
    this.blobs = new ReplayBlobs(ports, manifest);
  }

  /** Before the first version that is recomputed. What rules remember of older rounds comes from the ledger. */
  static async begin(
    ports: ReplayPorts,
    ledger: LedgerRecord,
    first: number,
    onProgress: OnProgress,
  ): Promise<ReplayedRun> {
    const base = await requireManifest(ports, first - 1);
    checkLayout(ports, base);
    const replay = new ReplayedRun(ports, ledger, base, onProgress);
    for (let version = ledger.firstVersion; version < first; version++) {
      const told = ledger.round(version);
      if (told.published.weightsOf !== undefined) replay.takeBack(told.published.weightsOf, told);
      else for (const role of rolesOf(told)) replay.role(role).remember(told);
    }
    return replay;
  }

  get version(): number {
    return this.manifest.version;
  }

  /**
   * Recomputes the next version and compares it.
   * @returns how many updates it has; null if it could not be compared, since rules do not remember enough yet
   */
  async next(last: number): Promise<number | null> {
    const version = this.version + 1;
    const told = this.ledger.round(version);
    const published = await requireManifest(this.ports, version);
    const { weightsOf } = told.published;
    if (weightsOf !== undefined) {
      await this.returnTo(weightsOf, told, published);
      this.counter(told, last);
      return 0;
    }
    const isKnown = rolesOf(told).every(role => this.role(role).remembersAll(version));
    const folded = await this.foldAll(told, this.counter(told, last));
    const { model } = this.ports.config;
    const entry = told.published;
    if (isKnown) compareVersion({ model, before: this.manifest, published, entry, folded });
    this.manifest = published;
    this.blobs.moveTo(published);
    return isKnown ? countOf(told) : null;
  }

  /** [BACK2] The version has the weights of an older one, and nothing is folded. */
  private async returnTo(to: number, told: ToldRound, published: Manifest): Promise<void> {
    const kept = await requireManifest(this.ports, to);
    const { model } = this.ports.config;
    compareReturned({ model, before: this.manifest, published, entry: told.published }, kept);
    this.takeBack(to, told);
    this.manifest = published;
    this.blobs.moveTo(published);
  }

  /** [BACK4] Every rule remembers what it did then. */
  private takeBack(to: number, { published: { round } }: ToldRound): void {
    for (const role of this.roles.values()) role.takeBack(round, to);
  }

  /** Whether every shard of the newest version is what it is named after. Those before were read on the way. */
  checkShards(): Promise<void> {
    return this.blobs.checkAll();
  }

  /** In the order in which the coordinator asked for the folds. */
  private async foldAll(told: ToldRound, onUpdate: () => void): Promise<FoldedByRole> {
    const { config } = this.ports;
    let round: FoldingRound = {
      ...{ status: 'folding', number: told.published.round, served: {}, folded: {} },
      goals: told.published.updates,
    };
    const pending = (): Role[] => pendingFolds(config, { phase: 'open', round });
    for (let [role] = pending(); role; [role] = pending()) {
      await this.role(role).take(told, onUpdate);
      const asked = foldRequestOf(config, { round, manifest: this.manifest }, role, ids =>
        allExamples(told, ids),
      );
      // Here one cohort has the updates of all, and sees more than each of them did.
      const { statistics } = told.published.aggregation?.[role] ?? {};
      const request = { ...asked, ...(statistics && { statistics }) };
      round = { ...round, folded: { ...round.folded, [role]: await this.role(role).fold(request) } };
    }
    checkRoles(told, Object.keys(round.folded));
    return round.folded;
  }

  private role(role: Role): RoleReplay {
    const known = this.roles.get(role);
    if (known) return known;
    const isFromStart = this.ledger.firstVersion === 1;
    const made = new RoleReplay(role, { ...this.ports, blobs: this.blobs }, isFromStart);
    this.roles.set(role, made);
    return made;
  }

  private counter(told: ToldRound, last: number): () => void {
    const [version, allUpdates] = [told.published.version, countOf(told)];
    let updates = 0;
    this.onProgress({ version, last, updates, allUpdates });
    return () => {
      updates += 1;
      this.onProgress({ version, last, updates, allUpdates });
    };
  }
}

const rolesOf = ({ published }: ToldRound): Role[] => Object.keys(published.updates) as Role[];

const countOf = ({ published }: ToldRound): number =>
  Object.values(published.updates).reduce<number>((sum, count = 0) => sum + count, 0);

/** The roles that the ledger names are those of the plan, and no update is of another one. */
function checkRoles(told: ToldRound, folded: readonly string[]): void {
  const other = [...rolesOf(told), ...told.updates.keys()].find(role => !folded.includes(role));
  if (other === undefined) return;
  throw new DifferenceFound({
    ...{ version: told.published.version, of: 'ledger', role: other },
    expected: folded.join(),
    found: rolesOf(told).join(),
    why: `the ledger has the role ${other} in this round, which folded no updates in it`,
  });
}

/** [PUB8] By how many examples the drift was corrected, as the ledger says. */
function allExamples({ published }: ToldRound, segments: readonly string[]): Record<string, number> {
  const told = published.allExamples;
  if (!told)
    throw new ReplayRefusal(
      `version ${published.version} corrects drift, and an older release made it that did not write down by how much`,
    );
  return Object.fromEntries(segments.flatMap(id => (told[id] === undefined ? [] : [[id, told[id]]])));
}

async function requireManifest({ manifest }: ReplayPorts, version: number): Promise<Manifest> {
  const found = await manifest(version);
  if (found?.version === version) return found;
  throw new DifferenceFound({
    ...{ version, of: 'manifest', expected: `the manifest of version ${version}` },
    found: found ? `that of version ${found.version}` : 'none',
    why: 'the manifest of this version is not kept, or another one lies in its place',
  });
}

/** Whether each segment has the shards that its tensors make. */
function checkLayout({ config }: ReplayPorts, { version, segments }: Manifest): void {
  for (const { id, tensors } of config.model.segments) {
    const [expected, found] = [layoutShards(tensors).length, segments[id]?.shards.length ?? 0];
    if (expected !== found)
      throw new DifferenceFound({
        ...{ version, of: 'manifest', segment: id },
        expected: `${expected} shards`,
        found: `${found} shards`,
        why: 'the manifest names other shards than the segment’s tensors make',
      });
  }
}
