import * as z from 'zod';
import { parseJsonBytes } from '../../../shared/math/utf8.ts';
import { checkVerdictSchema } from '../../../shared/protocol/check.ts';
import { datasetSchema } from '../../../shared/protocol/dataset.ts';
import { ledgerEntriesSchema, ledgerPageSchema } from '../../../shared/protocol/events.ts';
import { ackSchema, frameSchema } from '../../../shared/protocol/frames.ts';
import { keyListSchema, keyRequestSchema } from '../../../shared/protocol/keys.ts';
import * as messages from '../../../shared/protocol/messages.ts';
import { manifestSchema } from '../../../shared/protocol/model-outline.ts';
import { claimRequestSchema } from '../../../shared/protocol/ownership.ts';
import { refusalBodySchema } from '../../../shared/protocol/refusal-body.ts';
import { runListSchema } from '../../../shared/protocol/run-list.ts';
import { emptyView } from '../../../shared/view/empty-view.ts';
import { applyChanges } from '../../../shared/view/view-changes.ts';
import { MAX_SPEC_BYTES, readJson } from '../../../worker/routes/http.ts';
import { CODE_BYTES, type Decoder, JSON_BOUND, READABLE_BOUND } from '../decoder.ts';
import { mutatedJson } from '../mutate-json.ts';
import * as samples from './message-samples.ts';

const headers = { 'content-type': 'application/json' };

/** As a route of the Worker reads a body. Its stream has buffers of its own. */
const body = (
  name: string,
  schema: z.ZodType,
  valid: readonly unknown[],
  options?: { readonly isFree?: boolean; readonly maxBytes?: number },
): Decoder => ({
  name: `body: ${name}`,
  files: [
    'worker/routes/http.ts',
    'worker/routes/runs.ts',
    'worker/routes/hosting.ts',
    'worker/routes/leases.ts',
    'worker/routes/blobs.ts',
    'worker/routes/datasets.ts',
    'worker/routes/checks.ts',
    'worker/routes/ownership.ts',
    'worker/routes/person.ts',
    'shared/protocol/one-line.ts',
  ],
  inputs: mutatedJson(valid),
  decode: bytes =>
    readJson(new Request('http://localhost', { method: 'POST', headers, body: bytes }), schema, options),
  most: { eachByte: JSON_BOUND.eachByte, always: CODE_BYTES + 2_000_000 },
  share: 50,
});

/** As the platform's client reads a reply. */
const reply = (name: string, schema: z.core.$ZodType, valid: readonly unknown[]): Decoder => ({
  name: `reply: ${name}`,
  files: [
    'client/platform/homeroom-client.ts',
    'client/platform/call-platform.ts',
    'client/platform/read-as.ts',
  ],
  inputs: mutatedJson(valid),
  decode: bytes => z.safeParse(schema, parseJsonBytes(bytes)),
  most: JSON_BOUND,
  share: 50,
});

const LARGE = { maxBytes: MAX_SPEC_BYTES };

function hearFrame(bytes: Uint8Array): unknown {
  const frame = frameSchema.safeParse(parseJsonBytes(bytes)).data;
  return frame?.type === 'changes' ? applyChanges(emptyView(), frame.changes) : frame;
}

export const messageDecoders: readonly Decoder[] = [
  body('create a run', messages.createRunRequestSchema, samples.createRequests, LARGE),
  body('register a data set', datasetSchema, [samples.hosted], LARGE),
  body('ask which blobs are lacking', messages.lackingRequestSchema, [
    { sha256: ['a'.repeat(64), 'b'.repeat(64)] },
  ]),
  body('claim a deployment', claimRequestSchema, [{ claim: 'a'.repeat(64), keyHash: 'b'.repeat(64) }]),
  body('control', messages.controlRequestSchema, [{ action: 'open' }]),
  body(
    'verdict of a check',
    checkVerdictSchema,
    [
      { type: 'losses', before: [2.3, 2.2], after: [1.9, 2] },
      { type: 'harmful', leases: ['66ep7tqrwbme', 'tgo42lzcddce'] },
    ],
    LARGE,
  ),
  body('take back', messages.takeBackRequestSchema, [{ version: 2 }]),
  body('make a key', keyRequestSchema, [{ label: 'our tab', lastsMs: 86_400_000 }]),
  body('renew the host key', messages.renewRequestSchema, [{ nonce: samples.NONCE }]),
  body('join', messages.joinRequestSchema, [samples.joinRequest]),
  body('ask for a pass', messages.passRequestSchema, [{ human: '0.token', nonce: samples.NONCE }]),
  body('ask for a lease', messages.leaseRequestSchema, [{ beside: 'lease1', macsPerSecond: 1e9 }]),
  body('give a lease back', messages.releaseRequestSchema, [{ reason: 'it\u0007 stopped', diverged: true }], {
    isFree: true,
  }),
  reply('runs', runListSchema, [samples.runList]),
  reply('run', messages.runInfoSchema, [samples.runInfo]),
  reply('pass', messages.passResponseSchema, [{ pass: 'pass.a.b.c' }]),
  reply('lease', messages.leaseResponseSchema, samples.leaseReplies),
  reply('manifest', manifestSchema, [samples.manifest]),
  reply('kept versions', messages.keptVersionsSchema, [{ versions: [0, 4, 5] }]),
  reply('ledger', ledgerPageSchema, [samples.ledgerPage]),
  reply('archive', messages.archiveListSchema, [{ pieces: [{ number: 0, offset: 4, bytes: 10 }] }]),
  reply('data sets', messages.datasetListSchema, [{ datasets: [samples.hosted] }]),
  reply('keys', keyListSchema, [samples.keyList]),
  reply('refusal', refusalBodySchema, [{ error: { reason: 'late', text: 'too late', detail: 'by 3 s' } }]),
  {
    name: 'frame',
    files: ['client/platform/event-socket.ts', 'client/platform/reconnecting-socket.ts'],
    inputs: mutatedJson(samples.frames),
    decode: hearFrame,
    most: READABLE_BOUND,
  },
  {
    name: 'ledger entries',
    files: ['client/platform/event-socket.ts'],
    inputs: mutatedJson([samples.ledgerPage.events]),
    decode: bytes => ledgerEntriesSchema.safeParse(parseJsonBytes(bytes)),
    most: JSON_BOUND,
  },
  {
    name: 'ack',
    files: ['worker/relay/seats.ts'],
    inputs: mutatedJson([{ type: 'ack', token: 'abc' }]),
    decode: bytes => ackSchema.safeParse(parseJsonBytes(bytes)),
    most: JSON_BOUND,
  },
];
