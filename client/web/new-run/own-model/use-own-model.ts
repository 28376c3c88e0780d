import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { networkFor } from '../../../../shared/plan/plan-tasks.ts';
import { datasetClasses, datasetShape } from '../../../../shared/protocol/dataset.ts';
import type { ModelOutline } from '../../../../shared/protocol/model-outline.ts';
import type { RunSpec } from '../../../../shared/protocol/run-spec.ts';
import { startTrainer, wasmPaths } from '../../volunteering/trainer-bridge.ts';
import { problemText } from '../../words/problem-text.ts';
import type { ChosenFile } from './chosen-file.ts';
import { type OwnModel, readOwnModel } from './read-own-model.ts';

/** What a trial of the network needs to know of the run. */
export interface TrialSettings {
  readonly spec: RunSpec;
  readonly segments: number;
}

export interface OwnModelState {
  /** Null if none was chosen, or if what was chosen is none. */
  readonly model: OwnModel | null;
  /** As the trainer has built it for this run. Null before, and if it cannot. */
  readonly outline: ModelOutline | null;
  readonly isBusy: boolean;
  /** What is wrong with it, in words. */
  readonly problem: string | null;
  choose(files: Promise<readonly ChosenFile[]> | readonly ChosenFile[]): void;
  remove(): void;
}

/**
 * A network of the host's own: read when it is chosen, and tried in the trainer, so that what is wrong is told before
 * anything is sent. It is tried again if the pictures, the plan or the number of segments change.
 * @param settings null while the form is wrong elsewhere
 */
export function useOwnModel(settings: TrialSettings | null): OwnModelState {
  const model = useSignal<OwnModel | null>(null);
  const outline = useSignal<ModelOutline | null>(null);
  const isBusy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const trial = settings && `${settings.spec.dataset.name} ${settings.spec.plan.name} ${settings.segments}`;

  /** Counts what was chosen, so that what is read of a former choice is nothing. */
  const turn = useRef(0);

  const choose: OwnModelState['choose'] = files => {
    const own = ++turn.current;
    isBusy.value = true;
    problem.value = null;
    outline.value = null;
    const settle = (read: OwnModel | null, why: string | null): void => {
      if (own !== turn.current) return;
      [model.value, problem.value, isBusy.value] = [read, why, false];
    };
    Promise.resolve(files)
      .then(readOwnModel)
      .then(
        read => settle(read, null),
        (error: unknown) => settle(null, problemText(error)),
      );
  };
  const remove = (): void => {
    model.value = null;
    outline.value = null;
    problem.value = null;
  };

  useEffect(() => {
    const own = model.value;
    if (!own || !settings) return;
    let isOld = false;
    isBusy.value = true;
    const ending = new AbortController();
    const settle = (made: ModelOutline | null, why: string | null): void => {
      if (isOld) return;
      outline.value = made;
      problem.value = why;
      isBusy.value = false;
    };
    tryModel(own, settings, ending.signal).then(
      made => settle(made, null),
      (error: unknown) => settle(null, `${problemText(error)}.`),
    );
    return () => {
      isOld = true;
      ending.abort();
    };
  }, [model.value, trial]);

  return {
    model: model.value,
    outline: outline.value,
    isBusy: isBusy.value,
    problem: problem.value,
    choose,
    remove,
  };
}

/** Builds it once as the run would, off the page's thread, and throws away all but the outline. */
async function tryModel(
  { model, files }: OwnModel,
  { spec, segments }: TrialSettings,
  signal: AbortSignal,
): Promise<ModelOutline> {
  const { trainer, broken, terminate } = startTrainer();
  signal.addEventListener('abort', terminate);
  const { height, width, channels } = datasetShape(spec.dataset);
  const build = async (): Promise<ModelOutline> => {
    await trainer.start({ backend: 'wasm', wasmPaths });
    const built = await trainer.build({
      ...{ name: model, files, inputShape: [height, width, channels], seed: spec.seed, segments },
      ...{ classes: datasetClasses(spec.dataset), ...networkFor(spec.plan) },
    });
    return built.outline;
  };
  return Promise.race([build(), broken]).finally(terminate);
}
