import fc from 'fast-check';
import { codecOf } from '../../../shared/codec/codecs.ts';
import { encodeUpdate, maxEnvelopeBytes } from '../../../shared/codec/envelope.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../shared/codec/safetensors.ts';
import { readShards } from '../../../shared/codec/shard-layout.ts';
import { StreamedCheck } from '../../../shared/cohort/check-stream.ts';
import { checkUpdate, tensorsOf } from '../../../shared/cohort/check-update.ts';
import type { HashStream } from '../../../shared/cohort/passing-hash.ts';
import { claimsOf } from '../../../shared/federation/lease/claims-of.ts';
import { concatBytes } from '../../../shared/math/bytes.ts';
import { sha256 } from '../../../shared/math/sha256.ts';
import { encodeUtf8 } from '../../../shared/math/utf8.ts';
import type { CodecSpec } from '../../../shared/protocol/codec-spec.ts';
import { partExamples } from '../../../shared/protocol/dataset.ts';
import type { LeaseClaims } from '../../../shared/protocol/lease.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { tinyRequest, trainingMetrics } from '../../support/tiny-run.ts';
import { codecSamples } from '../../unit/codec/codec-samples.ts';
import { BYTES_BOUND, type Decoder, JSON_BOUND } from '../decoder.ts';
import { anyBytes, mutatedBytes } from '../mutate-bytes.ts';
import { mutatedText } from '../mutate-json.ts';

const model = createTinyModel([30, 41], { hasNorm: true });
const trains = ['segment-1', 'segment-2'];
const LEASE = 'lease1';

const configOf = (codec: CodecSpec): RunConfig => {
  const { spec, model: outline } = tinyRequest({ model, spec: { plan: { name: 'conventional' }, codec } });
  return { spec, model: outline };
};

function claimsIn(config: RunConfig): LeaseClaims {
  const work = { round: 1, parts: [0], examples: 10, deadlineAt: 60_000 };
  const lease = { id: LEASE, volunteer: 'ada', role: 'whole' as const, ...work };
  const claims = claimsOf('test00', { lease, task: { trains }, manifest: { version: 0 } }, 1e6);
  return { ...claims, byteAllowance: maxEnvelopeBytes(config.spec.codec, tensorsOf(config, claims)) };
}

const envelopeIn = (config: RunConfig): Uint8Array =>
  encodeUpdate({
    lease: LEASE,
    codec: config.spec.codec,
    tensors: tensorsOf(config, claimsIn(config)).map(({ elements, ...tensor }) => ({
      ...tensor,
      values: new Float32Array(elements).fill(0.5),
    })),
    metrics: trainingMetrics,
  });

const PREFIX_BYTES = 12;
const HASH_BYTES = 32;

/** Whoever sends a wrong envelope can write a right hash on it. */
const sealed = (body: Uint8Array): Uint8Array => concatBytes([body, sha256(body)]);

const headerOf = (envelope: Uint8Array): { json: unknown; payload: Uint8Array } => {
  const view = new DataView(envelope.buffer, envelope.byteOffset);
  const end = PREFIX_BYTES + view.getUint32(8, true);
  return {
    json: JSON.parse(Buffer.from(envelope.subarray(PREFIX_BYTES, end)).toString()),
    payload: envelope.slice(end, -HASH_BYTES),
  };
};

function withHeader(envelope: Uint8Array, header: string): Uint8Array {
  const bytes = encodeUtf8(header);
  const prefix = envelope.slice(0, PREFIX_BYTES);
  new DataView(prefix.buffer).setUint32(8, bytes.length, true);
  return sealed(concatBytes([prefix, bytes, headerOf(envelope).payload]));
}

/** Envelopes with anything wrong in them: bytes, bytes under a right hash, the header's JSON. */
const envelopes = (envelope: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    mutatedBytes([envelope]),
    mutatedBytes([envelope.slice(0, -HASH_BYTES)]).map(sealed),
    mutatedText([headerOf(envelope).json]).map(header => withHeader(envelope, header)),
  );

/** The header is parsed as JSON. Values are copied, each in four bytes, and summed in eight. */
const ENVELOPE_BOUND = JSON_BOUND;

const configs = codecSamples.map(configOf);

const wholeEnvelopes = configs.map((config): Decoder => {
  const claims = claimsIn(config);
  return {
    name: `envelope of ${config.spec.codec.name}`,
    files: ['shared/codec/envelope.ts', 'shared/cohort/check-update.ts'],
    inputs: envelopes(envelopeIn(config)),
    decode: bytes => checkUpdate(config, claims, bytes),
    most: ENVELOPE_BOUND,
  };
});

/** The allowance of a small network has no room for a head of 256 KiB. */
function largeEnvelope(): Decoder {
  const config = configOf({ name: 'f16' });
  const claims = { ...claimsIn(config), byteAllowance: 10_000_000 };
  return {
    name: 'envelope of a large network',
    files: ['shared/codec/envelope.ts'],
    inputs: envelopes(envelopeIn(config)),
    decode: bytes => checkUpdate(config, claims, bytes),
    most: ENVELOPE_BOUND,
  };
}

/** What an evaluator says that it counted, of each part too. It has no tensors. */
function judgements(): Decoder {
  const [config = configOf({ name: 'f32' })] = configs;
  const parts = [0, 1];
  const counts = parts.map(part => partExamples(config.spec.dataset, 'test', part));
  const metrics = {
    ...{ examples: sum(counts), correct: sum(counts), lossSum: 0, downloadBytes: 0, backend: 'cpu' },
    byPart: { correct: counts, lossSum: counts.map(() => 0) },
  };
  const work = { round: 0, parts, examples: metrics.examples, deadlineAt: 60_000 };
  const lease = { id: LEASE, volunteer: 'ada', role: 'evaluator' as const, ...work };
  const allowance = maxEnvelopeBytes(config.spec.codec, []);
  const claims = claimsOf('test00', { lease, task: { trains: [] }, manifest: { version: 0 } }, allowance);
  const envelope = encodeUpdate({ lease: LEASE, codec: config.spec.codec, tensors: [], metrics });
  return {
    name: 'envelope of an evaluator',
    files: ['shared/cohort/check-update.ts', 'shared/codec/envelope.ts'],
    inputs: envelopes(envelope),
    decode: bytes => checkUpdate(config, claims, bytes),
    most: ENVELOPE_BOUND,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** The hash of the Worker is a stream of the platform's own. */
function plainHash(): HashStream {
  const chunks: Uint8Array[] = [];
  return {
    add: async bytes => void chunks.push(bytes.slice()),
    digest: async () => sha256(concatBytes(chunks)),
  };
}

const CHUNKS = [1, 7, 4_096, 65_536];

const passingEnvelopes = configs.map((config): Decoder => {
  const claims = claimsIn(config);
  return {
    name: `passing envelope of ${config.spec.codec.name}`,
    files: ['shared/cohort/check-stream.ts', 'shared/cohort/passing-values.ts'],
    inputs: envelopes(envelopeIn(config)),
    decode: async bytes => {
      const check = new StreamedCheck(config, claims, plainHash, true);
      for (let at = 0, i = bytes.length; at < bytes.length; i++) {
        const chunk = bytes.slice(at, at + (CHUNKS[i % CHUNKS.length] ?? 1));
        at += chunk.length;
        const refusal = await check.add(chunk);
        if (refusal) return refusal;
      }
      return check.end();
    },
    most: { eachByte: 400, always: ENVELOPE_BOUND.always },
    share: 30,
  };
});

const ELEMENTS = 300;

const tensorCodecs = codecSamples.map((spec): Decoder => {
  const codec = codecOf(spec);
  const samples = [codec.encode(new Float32Array(ELEMENTS).map((_, i) => (i % 7) - 3))];
  return {
    name: `codec ${spec.name}`,
    files: [`shared/codec/${spec.name}.ts`],
    inputs: fc.oneof(mutatedBytes(samples), anyBytes),
    decode: bytes => codec.decode(bytes, ELEMENTS),
    most: BYTES_BOUND,
  };
});

const tensors = [
  { name: 'kernel', shape: [3, 10], values: new Float32Array(30).fill(1) },
  { name: 'bias', shape: [10], values: new Float32Array(10) },
];
const file = encodeSafetensors(tensors, { made: 'by hand' });

function fileHeader(): { json: unknown; data: Uint8Array } {
  const end = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
  return { json: JSON.parse(Buffer.from(file.subarray(8, end)).toString()), data: file.subarray(end) };
}

const fileOf = (header: string): Uint8Array => {
  const bytes = encodeUtf8(header);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length), true);
  return concatBytes([length, bytes, fileHeader().data]);
};

const safetensorsInputs = fc.oneof(mutatedBytes([file]), mutatedText([fileHeader().json]).map(fileOf));

const stored: Decoder[] = [
  {
    name: 'safetensors',
    files: ['shared/codec/safetensors.ts'],
    inputs: safetensorsInputs,
    decode: bytes => decodeSafetensors(bytes),
    most: JSON_BOUND,
  },
  {
    name: 'shard',
    files: ['shared/codec/shard-layout.ts'],
    inputs: safetensorsInputs,
    decode: bytes => readShards(tensors, [bytes, bytes.subarray(0, 3)].slice(0, bytes.length % 3 || 1)),
    most: JSON_BOUND,
  },
];

export const codecDecoders: readonly Decoder[] = [
  ...wholeEnvelopes,
  largeEnvelope(),
  judgements(),
  ...passingEnvelopes,
  ...tensorCodecs,
  ...stored,
];
