import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import { emptyRound, emptyView, strangerOf } from '../../../shared/view/empty-view.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { tinyRequest } from '../../support/tiny-run.ts';

/** Messages that are right, one of each kind at least. */

const HASH = 'ab'.repeat(32);
export const NONCE = 'cd'.repeat(16);
const shard = { sha256: HASH, bytes: 100 };

export const hosted = {
  kind: 'hosted',
  name: 'own',
  shape: { height: 2, width: 3, channels: 1 },
  classes: 2,
  classNames: ['cat', 'dog'],
  partition: { kind: 'dirichlet', alpha: 0.5 },
  train: [{ sha256: HASH, bytes: 16 + 2 * 7, examples: 2 }],
  test: [{ sha256: HASH, bytes: 16 + 7, examples: 1 }],
};

const request = tinyRequest({ model: createTinyModel([3, 10], { hasNorm: true }) });
export const createRequests = [
  { ...request, nonce: NONCE, joinCode: 'a-code' },
  { ...request, spec: { ...request.spec, dataset: hosted, plan: { name: 'depth-federated' } } },
];

export const keyList = {
  keys: [{ id: 'key123', caller: 'referee', label: 'our tab', madeAt: 5, endsAt: 86_400_005 }],
};

export const joinRequest = {
  name: 'Ada',
  device: { backend: 'wasm', macsPerSecond: 1e9, memoryMB: 500 },
  code: 'a-code',
  nonce: NONCE,
};

const [task] = planTasks(request.spec, request.model, 1);
export const leaseReplies = [
  {
    type: 'lease',
    more: true,
    lease: {
      ...{ id: 'lease1', token: 'a.b.c', round: 1, version: 0, task, split: 'train', parts: [0, 1] },
      ...{ examples: 20, deadlineMs: 60_000, seed: 3, byteAllowance: 5_000 },
      segments: { 'segment-1': { topology: HASH, shards: [shard] } },
    },
  },
  { type: 'wait', retryAfterMs: 500, wakeAfterMs: 3, measure: true, reason: 'all places are taken' },
  { type: 'finished' },
];

const view = {
  ...emptyView(),
  joined: 1,
  rounds: [emptyRound(1, 0)],
  volunteers: { ada123: strangerOf('ada123', 5) },
  goals: { student: 2 },
  refusals: [{ seq: 1, at: 5, volunteer: 'ada123', role: 'student', reason: 'late', detail: 'by 3 s' }],
};

export const runList = {
  runs: [
    {
      ...{ run: 'abcdefghij', name: 'Digits', model: 'cnn', plan: 'layer-to-layer', dataset: 'glyphs' },
      ...{ phase: 'open', round: 3, rounds: 12, accuracy: 0.915, createdAt: 1 },
    },
  ],
};

export const runInfo = {
  run: 'abcdefghij',
  spec: request.spec,
  model: request.model,
  needsCode: false,
  view,
};

export const manifest = {
  version: 3,
  segments: { 'segment-1': { version: 2, shards: [shard], slots: { momentum: [null] } } },
};

const events: readonly RunEvent[] = [
  { seq: 1, at: 5, event: { type: 'run-opened' } },
  { seq: 2, at: 6, event: { type: 'round-opened', round: 1, goals: { student: 2 } } },
  { seq: 3, at: 7, event: { type: 'run-taken-back', from: 3, to: 1, round: 4, why: 'host' } },
];
export const ledgerPage = {
  events: [...events, { seq: 4, at: 8, event: { type: 'of-a-later-release' } }],
  last: 4,
};

const news = { latest: events, names: { ada123: 'Ada' } };
export const frames = [
  { type: 'view', view, ...news },
  {
    ...{ type: 'changes', from: 0, ...news },
    changes: {
      ...{ seq: 1, fields: { phase: 'open', whyDetail: null }, volunteers: [strangerOf('bob123', 1)] },
      ...{ unlisted: ['ada123'], rounds: [emptyRound(2, 1)], leftOut: [1], refusals: [] },
    },
  },
  {
    ...{ type: 'signal', seq: 1, phase: 'open', round: 1, version: 0, joined: 1, allServed: false },
    ...{ wakes: ['run-opened'], chance: 0.5, takenBackAt: 1 },
  },
  { type: 'ask', token: 'abc' },
  { type: 'bye', code: 1_001, reason: 'moving' },
];
