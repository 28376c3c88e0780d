import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Loaded } from '../../../client/trainer/models/segment-models.ts';
import { PeakMemory } from '../../../client/trainer/training/peak-memory.ts';
import { batchGradients, variablesOf } from '../../../client/trainer/training/task-gradients.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import { denseSegments, disposeSegments, labelsInTurn } from '../../support/dense-segments.ts';
import { exit, studentTask } from '../../support/local-trainer.ts';
import { CLASSES, type Form, formSegments, forms, PIXELS, TEMPERATURE } from './task-forms.ts';

const EXAMPLES = 6;

let loaded: Loaded;

beforeAll(async () => {
  await tf.setBackend('cpu');
  loaded = denseSegments(formSegments);
});

afterAll(() => disposeSegments(loaded));

const through = (ids: readonly string[], x: tf.Tensor): tf.Tensor =>
  ids.reduce((input, id) => loaded[id]?.model.apply(input) as tf.Tensor, x);

const pixels = (): tf.Tensor2D => tf.randomNormal([EXAMPLES, PIXELS], 0, 1, 'float32', 7);

function valuesOf(gradients: tf.NamedTensorMap): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [name, Array.from(gradient.dataSync())]),
  );
}

const taskOf = ({ task }: Form): Task => ({ ...studentTask, ...task });

/** Loss and gradients of the form's task, as numbers. */
const asTrained = (form: Form, weight?: number) =>
  tf.tidy(() => {
    const task = taskOf(form);
    const input = task.frozen.length > 0 ? through(task.frozen, pixels()) : pixels();
    const batch = { input, labels: labelsInTurn(EXAMPLES, CLASSES) };
    const { loss, gradients } = batchGradients(task, loaded, batch, weight);
    return { loss: loss.dataSync()[0] as number, gradients: valuesOf(gradients) };
  });

const asWritten = (form: Form) =>
  tf.tidy(() => {
    const trained = variablesOf(loaded, form.task.trains);
    const loss = (): tf.Scalar => form.loss(pixels(), labelsInTurn(EXAMPLES, CLASSES), through);
    const { value, grads } = tf.variableGrads(loss, trained);
    return { loss: value.dataSync()[0] as number, gradients: valuesOf(grads) };
  });

describe('loss and gradients of a task', () => {
  it.each(forms)('are the plainly written ones: $name', form => {
    const [trained, written] = [asTrained(form), asWritten(form)];
    expect(trained.loss).toBeCloseTo(written.loss, 5);
    expect(Object.keys(trained.gradients).sort()).toEqual(Object.keys(written.gradients).sort());
    for (const [name, expected] of Object.entries(written.gradients)) {
      expect(Math.max(...expected.map(Math.abs)), name).toBeGreaterThan(1e-4);
      for (const [i, value] of expected.entries())
        expect(trained.gradients[name]?.[i], `${name} ${i}`).toBeCloseTo(value, 5);
    }
  });

  it.each(forms)('have the weight that is asked for: $name', form => {
    const [all, half] = [asTrained(form), asTrained(form, 0.5)];
    expect(half.loss).toBeCloseTo(all.loss / 2, 5);
    for (const [name, values] of Object.entries(all.gradients))
      expect(half.gradients[name]?.[0], name).toBeCloseTo((values[0] as number) / 2, 5);
  });

  it.each(forms)('leave no tensor behind: $name', form => {
    const before = tf.memory().numTensors;
    asTrained(form);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('name an exit that the path does not pass', () => {
    const [form] = forms;
    if (!form) throw new Error('no forms');
    expect(() => asTrained({ ...form, task: { ...form.task, exits: [exit('s3')] } })).toThrow('pass s3');
  });
});

describe('the memory of a step', () => {
  const [ROWS, UNITS, LAYERS] = [256, 16, 6];
  const ids = ['e1', 'e2', 'e3'];
  const THIN = Array.from({ length: 12 }, (_, i) => `thin-${i}`);
  let equal: Loaded;

  beforeAll(() => {
    const body = { inputs: UNITS, units: UNITS, layers: LAYERS };
    const logits = { inputs: UNITS, units: 2, isLogits: true };
    const thin = Object.fromEntries(THIN.map(id => [id, { ...body, layers: 1 }]));
    equal = denseSegments({ e1: body, e2: body, e3: body, g1: logits, g2: logits, g3: logits, ...thin });
  });

  afterAll(() => disposeSegments(equal));

  function peakOf(task: Task): number {
    const peak = new PeakMemory();
    const before = tf.memory().numBytes;
    tf.tidy(() => {
      const batch = { input: tf.ones([ROWS, UNITS]), labels: labelsInTurn(ROWS, 2) };
      batchGradients(task, equal, batch);
    });
    peak.end();
    return peak.bytes - before;
  }

  const joint: Task = {
    ...studentTask,
    path: ids,
    exits: [exit('e1', 'g1'), exit('e2', 'g2'), exit('e3', 'g3')],
    trains: [...ids, 'g1', 'g2', 'g3'],
  };
  const alone: Task = { ...studentTask, path: ['e1'], exits: [exit('e1', 'g1')], trains: ['e1', 'g1'] };

  it('is little more than one segment’s if three are trained apart, and that of three together', () => {
    const [one, apart, together] = [peakOf(alone), peakOf({ ...joint, isolated: true }), peakOf(joint)];
    expect(apart).toBeLessThan(1.3 * one);
    expect(together).toBeGreaterThan(2 * one);
  });

  it('does not grow with the segments that are trained apart', () => {
    const ofFirst = (count: number): Task => {
      const path = THIN.slice(0, count);
      return { ...studentTask, path, isolated: true, exits: path.map(id => exit(id, 'g1')), trains: path };
    };
    expect(peakOf(ofFirst(THIN.length))).toBeLessThan(1.3 * peakOf(ofFirst(3)));
  });

  it('keeps nothing of what a distilled exit went through', () => {
    const distilFrom = { after: 'e1', through: ['e2', 'e3', 'g3'] };
    const distils = [{ distilFrom, weight: 1, temperature: TEMPERATURE, gated: true }];
    expect(peakOf({ ...alone, exits: [{ ...exit('e1', 'g1'), distils }] })).toBeLessThan(1.3 * peakOf(alone));
  });
});
