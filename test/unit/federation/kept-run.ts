import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { anyDevice, conventional, countedRight, SmallRun, shard } from './small-run.ts';

/** A run whose versions are remembered, as its store does. */
export class KeptRun extends SmallRun {
  readonly manifests: Manifest[] = [];

  override step(input: Parameters<SmallRun['step']>[0]): ReturnType<SmallRun['step']> {
    const result = super.step(input);
    this.manifests[this.state.manifest.version] = this.state.manifest;
    return result;
  }

  kept(version: number): Manifest {
    const manifest = this.manifests[version];
    if (!manifest) throw new Error(`version ${version} never was`);
    return manifest;
  }

  takeBack(to: number): void {
    this.step({ type: 'take-back', to });
  }

  /** Every cohort knows. */
  confirmReturn(): void {
    const { round } = this.state;
    if (round.status !== 'returning') throw new Error(`round ${round.number} is ${round.status}`);
    this.step({ type: 'returned', round: round.number, manifest: this.kept(round.to) });
  }

  /** A round by these volunteers, whose version has other weights. */
  trainAs(names: readonly string[]): void {
    for (const name of names) this.accept(this.lease(name));
    const { number } = this.state.round;
    this.fold('whole', { 'segment-1': [shard(number)], 'segment-2': [shard(number + 3)] });
  }

  /** Two volunteers count so many right of each part, whoever is asked. */
  judgeAs(names: readonly string[], correct: number): void {
    const { version } = this.state.evaluation?.manifest ?? {};
    for (let i = 0; i < 10 && this.state.evaluation?.manifest.version === version; i++)
      for (const name of names) {
        if (this.state.evaluation?.manifest.version !== version) return;
        const reply = this.ask(name);
        if (reply.type === 'lease') this.accept(reply.lease, countedRight(reply.lease, correct));
      }
  }
}

export const trainers = ['volunteer0', 'volunteer1'];

/** A run whose host is a referee that only judges: no task fits its device. */
export function hostedRun(change: Partial<RunSpecInput> = {}): KeptRun {
  const policy = { updatesPerRound: 2, evaluators: 'referees' as const };
  const run = new KeptRun({
    plan: conventional,
    rounds: 12,
    ...change,
    policy: { ...policy, ...change.policy },
  });
  run.control('open');
  for (const name of trainers) run.join(name);
  run.join('host', { ...anyDevice, memoryMB: 0.001 }, true);
  run.judgeAs(['host'], 1);
  return run;
}

/** The same with the next version out, of which so many parts in ten are right. */
export function grow(run: KeptRun, correct: number): void {
  run.trainAs(trainers);
  run.judgeAs(['host'], correct);
}
