import { defaultGlyphs, defaultSpec } from '../../host/default-spec.ts';
import { knownRuns } from '../state/known-runs.ts';
import { platformClient } from '../state/platform-client.ts';
import { runHref } from '../state/router.ts';
import { agreeToTrain } from '../volunteering/agreement.ts';
import { loadTrainerEarly } from '../volunteering/trainer-bridge.ts';
import { type CreationProgress, createInPage } from './create-in-page.ts';
import { suggestRunName } from './suggest-run-name.ts';

/** A few minutes of one device. */
const ROUNDS = 20;
const SEED = 1;

/**
 * Makes a run of the built-in digits from defaults and opens it. This browser keeps its host key.
 * @returns the address of its page, on which this tab begins to train by itself
 * @throws RefusedError with the reason `creation-closed` if this deployment wants a key, AbortError after the signal
 */
export async function createQuickRun(
  onProgress: (progress: CreationProgress) => void = () => {},
  signal?: AbortSignal,
): Promise<string> {
  const taken = platformClient.listRuns({ known: knownRuns() }).catch(() => []);
  const dataset = defaultGlyphs(SEED);
  const name = suggestRunName({
    dataset: dataset.name,
    now: new Date(),
    taken: (await taken).map(run => run.name),
  });
  const spec = defaultSpec({ name, seed: SEED, dataset, plan: 'layer-to-layer', rounds: ROUNDS });
  const choices = { spec, model: 'cnn', cut: { segments: 2 }, holdsBack: true };
  const { run } = await createInPage(choices, {
    onProgress,
    signal,
    // The run's page finds its trainer loaded.
    onUpload: loadTrainerEarly,
  });
  // Whoever pressed the button has asked for this.
  agreeToTrain();
  return `${runHref(run)}?join=1`;
}
