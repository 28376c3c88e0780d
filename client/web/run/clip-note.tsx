import { tasksByRound } from '../../../shared/plan/plan-tasks.ts';
import { trainedKey } from '../../../shared/protocol/aggregation-spec.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { runWords } from '../words/run-words.ts';

/**
 * What tasks train of which the host's machine found no norm. None if the run needs no clip, or if an older release made
 * it, which measured nothing.
 */
export function unmeasuredTasks({ spec, model }: RunConfig): readonly string[] {
  const { aggregation, robust } = spec;
  if (aggregation === 'mean' || robust.clip === 'three-rounds') return [];
  const trained = new Set<string>();
  for (const [, tasks] of tasksByRound(spec, model))
    for (const task of tasks) trained.add(trainedKey(task.trains));
  return [...trained].filter(key => robust.norms?.[key] === undefined);
}

/** Says of which tasks the first rounds are clipped by volunteers' own updates alone. */
export function ClipNote({ config }: { readonly config: RunConfig }) {
  const tasks = unmeasuredTasks(config);
  if (tasks.length === 0) return null;
  return (
    <section class="card" aria-label={runWords().clipping}>
      <p class="muted note">{runWords().clip(tasks.map(key => key.replaceAll(',', ' + ')).join('; '))}</p>
    </section>
  );
}
