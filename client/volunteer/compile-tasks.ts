import { fittingBatch } from '../../shared/plan/cost/fit-task.ts';
import { evaluationTask, planTasks } from '../../shared/plan/plan-tasks.ts';
import { datasetClasses } from '../../shared/protocol/dataset.ts';
import { segmentsOf, type Task } from '../../shared/protocol/lease.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import { segmentById } from '../../shared/protocol/model-outline.ts';
import type { CompileJob, TrainerInfo } from '../trainer/trainer-api.ts';
import type { Work } from './volunteer-options.ts';

/** Who has not joined yet. */
type Arrival = Pick<Work, 'options' | 'info' | 'blobs' | 'status'>;

/**
 * Has the trainer compile what this run's tasks need before the first lease is asked for: on a graphics card that can take
 * seconds, which are not the lease's. Tasks that do not fit the device are left out: it gets no lease for them. Never
 * rejects: what does not compile now fails as a lease, and the platform is told why.
 * @returns what trains from now on: another device, if the card could not compile a task
 */
export async function compileTasks(work: Arrival, started: TrainerInfo): Promise<TrainerInfo> {
  let device = started;
  const { info, options, status } = work;
  const { spec, model, view } = info;
  const round = Math.min(Math.max(1, view.round), spec.rounds);
  const tasks = [...planTasks(spec, model, round), evaluationTask(spec, model, view.version)];
  for (const [i, task] of tasks.entries()) {
    if (device.backend !== 'webgpu' || options.control.isDone) break;
    status.set({
      activity: 'starting',
      note: `compiling for the graphics card, ${i + 1} of ${tasks.length}`,
    });
    const microBatch = fittingBatch(model, task, spec.training.batch, options.memoryMB);
    if (microBatch > 0)
      device = await compileJob(work, task, microBatch)
        .then(job => options.trainer.compile(job))
        .catch(() => device);
  }
  const { backend, threads, note } = device;
  if (device !== started) status.set({ backend, threads, fallback: note ?? started.note });
  return device;
}

async function compileJob({ info, blobs }: Arrival, task: Task, microBatch: number): Promise<CompileJob> {
  const { spec, model } = info;
  const segments = segmentsOf(task).map(async id => {
    const { topology: topologyHash, tensors, macs, activations, channels } = segmentById(model, id);
    const topology = await blobs.get(topologyHash, 'model');
    return [id, { topologyHash, topology, tensors, macs, activations, channels }] as const;
  });
  return {
    task,
    microBatch,
    batch: spec.training.batch,
    classes: datasetClasses(spec.dataset),
    inputShape: inputShapeOf(info),
    segments: Object.fromEntries(await Promise.all(segments)),
  };
}

function inputShapeOf({ model }: RunInfo): CompileJob['inputShape'] {
  const [height = 1, width = 1, channels = 1] = model.inputShape;
  return [height, width, channels];
}
