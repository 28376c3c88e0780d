import fc from 'fast-check';
import { readUpdate, writeUpdate } from '../../../client/volunteer/outbox/kept-update.ts';
import { concatBytes } from '../../../shared/math/bytes.ts';
import { sha256 } from '../../../shared/math/sha256.ts';
import { readArchive } from '../../../shared/replay/read-archive.ts';
import { readIndexText } from '../../../worker/storage/archives.ts';
import { readLeaseToken, readVolunteerToken, signLease, signVolunteer } from '../../../worker/tokens.ts';
import { readQueue } from '../../bench/learning/queue/read-queue.ts';
import { CODE_BYTES, type Decoder, JSON_BOUND, OWN_JSON_BOUND } from '../decoder.ts';
import { anyBytes, mutatedBytes } from '../mutate-bytes.ts';
import { mutatedJson, mutatedText } from '../mutate-json.ts';

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

const HASH_BYTES = 32;
const LENGTH_BYTES = 4;

const kept = writeUpdate({
  ...{
    origin: 'http://localhost:8787',
    run: 'abcdefghij',
    volunteer: 'ada123',
    lease: 'lease1',
    token: 'a.b.c',
  },
  envelope: new Uint8Array(200).fill(7),
  leavings: { residual: new Uint8Array(40), drift: new Uint8Array(0) },
});

const keptBody = kept.slice(0, -HASH_BYTES);
const keptHeaderEnd = LENGTH_BYTES + new DataView(kept.buffer).getUint32(0, true);
const keptHeader: unknown = JSON.parse(textOf(kept.subarray(LENGTH_BYTES, keptHeaderEnd)));

/** The device's storage may hold anything, under a right hash too. */
const sealed = (body: Uint8Array): Uint8Array => concatBytes([body, sha256(body)]);

const withHeader = (header: string): Uint8Array => {
  const bytes = new Uint8Array(Buffer.from(header));
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, bytes.length, true);
  return sealed(concatBytes([length, bytes, keptBody.subarray(keptHeaderEnd)]));
};

const framed = (envelope: Uint8Array): Uint8Array => {
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, envelope.length, true);
  return concatBytes([length, envelope]);
};
const archive = concatBytes([
  framed(new Uint8Array(40).fill(1)),
  framed(new Uint8Array(3)),
  framed(new Uint8Array(90)),
]);

async function readWhole(bytes: Uint8Array): Promise<number> {
  let read = 0;
  async function* pieces(): AsyncIterable<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
  }
  for await (const envelope of readArchive(pieces())) read += envelope.length;
  return read;
}

const env = { TOKEN_SECRET: 'a secret for the fuzzer' } as Parameters<typeof signVolunteer>[0];
const lease = {
  ...{
    kind: 'lease' as const,
    run: 'abcdefghij',
    lease: 'lease1',
    volunteer: 'ada123',
    role: 'student' as const,
  },
  ...{
    cohort: 0,
    round: 1,
    version: 0,
    trains: ['segment-1'],
    parts: [0],
    examples: 10,
    byteAllowance: 1_000,
  },
  deadlineAt: 0,
};
const tokens = await Promise.all([
  signVolunteer(env, { kind: 'volunteer', run: 'abcdefghij', volunteer: 'ada123' }),
  signLease(env, lease),
]);

const queue = {
  out: 'rows.jsonl',
  runs: [
    { name: 'a', terms: { examples: 100, federated: true }, seeds: [1, 2], arms: [{ plan: 'growing' }] },
  ],
};

export const keptDecoders: readonly Decoder[] = [
  {
    name: 'entry of the outbox',
    files: ['client/volunteer/outbox/kept-update.ts'],
    inputs: fc.oneof(
      mutatedBytes([kept]),
      mutatedBytes([keptBody]).map(sealed),
      mutatedText([keptHeader]).map(withHeader),
    ),
    decode: bytes => readUpdate(bytes),
    most: JSON_BOUND,
  },
  {
    name: 'archive',
    files: ['shared/replay/read-archive.ts'],
    inputs: fc.oneof(mutatedBytes([archive]), anyBytes),
    decode: readWhole,
    refusals: ['DamagedArchive'],
    // An envelope of no bytes has four, and an asynchronous read.
    most: { eachByte: 1_000, always: CODE_BYTES },
  },
  {
    name: 'index of an archive',
    files: ['worker/storage/archives.ts'],
    inputs: mutatedJson([[{ key: 'envelopes/a', offset: 0, bytes: 10 }, { key: 'b' }]]),
    decode: bytes => readIndexText(textOf(bytes)),
    most: JSON_BOUND,
  },
  {
    name: 'token',
    files: ['worker/tokens.ts'],
    inputs: fc.oneof(mutatedBytes(tokens.map(token => new Uint8Array(Buffer.from(token)))), anyBytes),
    decode: async bytes => [
      await readLeaseToken(env, textOf(bytes)),
      await readVolunteerToken(env, textOf(bytes)),
    ],
    most: { eachByte: 100, always: CODE_BYTES },
  },
  {
    name: 'queue of the bench',
    files: ['test/bench/learning/queue/read-queue.ts'],
    inputs: mutatedJson([queue]),
    decode: bytes => readQueue('queue.json', textOf(bytes)),
    refusals: ['Error'],
    most: OWN_JSON_BOUND,
  },
];
