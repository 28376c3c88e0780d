import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../shared/math/random.ts';
import { planTasks } from '../../../../shared/plan/plan-tasks.ts';
import type { Task } from '../../../../shared/protocol/lease.ts';
import { VersionWeights } from '../../../bench/attacks/arena/version-weights.ts';
import { denseNetwork, firstWeights } from '../../../bench/attacks/network/dense-network.ts';
import { judge } from '../../../bench/attacks/network/judge.ts';
import type { LabelledRows } from '../../../bench/attacks/network/pictures.ts';
import { type DenseWeights, trainTask } from '../../../bench/attacks/network/train-task.ts';
import { MemoryBlobs } from '../../../support/memory-blobs.ts';
import { smallSpec } from '../../federation/small-run.ts';

const [SIDE, CLASSES] = [4, 3];
const network = denseNetwork(SIDE, CLASSES);

function weightsOf(seed: number): DenseWeights {
  const blobs = new MemoryBlobs();
  const first = firstWeights(network, seed);
  for (const { bytes } of first.blobs) blobs.keep(bytes);
  const segments = Object.entries(first.shards).map(([id, shards]) => [id, { version: 0, shards }] as const);
  return new VersionWeights(network.outline, blobs).of({
    version: 0,
    segments: Object.fromEntries(segments),
  });
}

/** Pictures whose brightest row is their class. */
function drawRows(count: number): LabelledRows {
  const random = createRandom('network-test');
  const labels = Uint8Array.from({ length: count }, (_, n) => n % CLASSES);
  const inputs = Float32Array.from({ length: count * SIDE * SIDE }, (_, at) => {
    const row = Math.floor(at / SIDE) % SIDE;
    return 0.3 * random() + (row === labels[Math.floor(at / SIDE ** 2)] ? 0.5 : 0);
  });
  return { inputs, labels, size: SIDE * SIDE };
}

const plain = { batch: 6, momentum: 0, weightDecay: 0 };
const tasksOf = (name: 'conventional' | 'layer-to-layer'): readonly Task[] =>
  planTasks(smallSpec({ plan: { name }, rounds: 10 }), network.outline, 1);

function taskOf(role: string): Task {
  const found = [...tasksOf('conventional'), ...tasksOf('layer-to-layer')].find(task => task.role === role);
  if (!found) throw new Error(`there is no ${role}`);
  return found;
}

/** One step at a rate so that the change is −rate · gradient. */
const oneStep = (task: Task, rate: number): Task => ({
  ...task,
  epochs: 1,
  schedule: { rate, from: 0, to: 0, ends: {} },
});

/** Mean loss of a task's exit, by plain arithmetic and none of the bench's loops. */
function lossOf(
  weights: DenseWeights,
  { frozen, path, exits }: Task,
  { inputs, labels, size }: LabelledRows,
) {
  const chain = [...frozen, ...path, ...(exits[0]?.through ?? [])];
  let sum = 0;
  for (const [n, label] of labels.entries()) {
    let x = Array.from(inputs.subarray(n * size, (n + 1) * size));
    for (const id of chain)
      for (const [i, { outputs, hasRelu }] of (network.segments.get(id)?.layers ?? []).entries()) {
        const [kernel, bias] = (weights.get(id) ?? []).slice(2 * i, 2 * i + 2);
        x = Array.from({ length: outputs }, (_, o) => {
          const z = x.reduce((s, v, k) => s + v * (kernel?.[k * outputs + o] ?? 0), bias?.[o] ?? 0);
          return hasRelu ? Math.max(0, z) : z;
        });
      }
    const all = x.reduce((s, logit) => s + Math.exp(logit), 0);
    sum += Math.log(all) - (x[label] ?? 0);
  }
  return sum / labels.length;
}

describe('the trainer of the attacks bench', () => {
  const rows = drawRows(6);

  it.each(['whole', 'student', 'teacher'])('moves a %s by its rate times the gradient', role => {
    const [task, weights] = [taskOf(role), weightsOf(3)];
    const { changes, loss } = trainTask(network, weights, oneStep(task, 1), rows, plain, 'seed');
    expect(loss).toBeCloseTo(lossOf(weights, task, rows), 5);
    const arrays = task.trains.flatMap(id => weights.get(id) ?? []);
    expect(changes.map(({ length }) => length)).toEqual(arrays.map(({ length }) => length));
    const step = 1e-2;
    for (const [k, array] of arrays.entries())
      for (const i of [0, Math.floor(array.length / 2), array.length - 1]) {
        const at = array[i] ?? 0;
        const lossAt = (value: number): number => {
          array[i] = value;
          return lossOf(weights, task, rows);
        };
        const slope = (lossAt(at + step) - lossAt(at - step)) / (2 * step);
        array[i] = at;
        expect(changes[k]?.[i]).toBeCloseTo(-slope, 2);
      }
  });

  it('keeps a velocity and lets weights decay, as SGD with Nesterov momentum does', () => {
    const [task, weights] = [taskOf('whole'), weightsOf(3)];
    const own = { ...plain, momentum: 0.9, weightDecay: 0.1 };
    const bare = trainTask(network, weights, oneStep(task, 0.01), rows, plain, 'seed').changes[0]?.[5] ?? 0;
    const { changes } = trainTask(network, weights, oneStep(task, 0.01), rows, own, 'seed');
    // One step: g + 0.9 · v with v = g, and g has a tenth of the weight in it.
    const weight = weights.get('segment-1')?.[0]?.[5] ?? 0;
    expect(changes[0]?.[5]).toBeCloseTo(1.9 * (bare - 0.01 * 0.1 * weight), 6);
  });

  it('leaves what it was given as it was', () => {
    const weights = weightsOf(3);
    trainTask(network, weights, taskOf('whole'), rows, plain, 'seed');
    expect(weights).toEqual(weightsOf(3));
  });

  it('learns', () => {
    const [weights, many] = [weightsOf(1), drawRows(300)];
    const task = { ...oneStep(taskOf('whole'), 0.2), epochs: 5 };
    const { changes } = trainTask(network, weights, task, many, { ...plain, momentum: 0.9 }, 'seed');
    const moved = new Map(
      task.trains.map(id => [id, weights.get(id)?.map(values => values.slice()) ?? []] as const),
    );
    for (const [k, array] of task.trains.flatMap(id => moved.get(id) ?? []).entries())
      for (const [i, value] of array.entries()) array[i] = value + (changes[k]?.[i] ?? 0);
    const before = judge(network, weights, many);
    const after = judge(network, moved, many);
    expect(before.correct).toBeLessThan(200);
    expect(after.correct).toBeGreaterThan(290);
    expect(after.lossSum).toBeLessThan(before.lossSum);
  });

  it('refuses a task that is too much for it', () => {
    const distils = [
      { distilFrom: { after: 'segment-2', through: [] }, weight: 1, temperature: 2, gated: false },
    ];
    const student = taskOf('student');
    const task = { ...student, exits: student.exits.map(exit => ({ ...exit, distils })) };
    expect(() => trainTask(network, weightsOf(1), task, rows, plain, 'seed')).toThrow('too much');
  });
});
