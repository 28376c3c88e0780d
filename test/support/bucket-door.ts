import type { Bucket, PutOptions, StoredObject } from '../../worker/storage/bucket.ts';
import type { BucketCall, ToldObject, ToldReply } from './bucket-calls.ts';

/** Runs inside workerd: a bucket for whoever asks from outside. The call is in a header, and bytes are in the body. */
export async function answerCall(bucket: Bucket, request: Request): Promise<Response> {
  const call: BucketCall = JSON.parse(decodeURIComponent(request.headers.get('x-call') ?? ''));
  try {
    return await answer(bucket, call, request);
  } catch (error) {
    return new Response(String(error), { status: 500 });
  }
}

async function answer(bucket: Bucket, call: BucketCall, request: Request): Promise<Response> {
  switch (call.type) {
    case 'head':
      return reply(tell(await bucket.head(call.key)));
    case 'get': {
      const found = await bucket.get(call.key, call.range ? { range: call.range } : {});
      return reply(tell(found), found?.body);
    }
    case 'put': {
      const { uploadedBefore, isNew, sha256, customMetadata } = call;
      const options: PutOptions = {
        ...(sha256 !== undefined && { sha256 }),
        ...(customMetadata && { customMetadata }),
        ...(isNew && { onlyIf: { etagDoesNotMatch: '*' } }),
        ...(uploadedBefore !== undefined && { onlyIf: { uploadedBefore: new Date(uploadedBefore) } }),
      };
      return reply(tell(await bucket.put(call.key, await readValue(request, call.as), options)));
    }
    case 'brokenPut':
      return reply({ error: await breakOff(bucket, call.key, new Uint8Array(await request.arrayBuffer())) });
    case 'leftPut':
      return reply(await leave(bucket, call.key, new Uint8Array(await request.arrayBuffer())));
    case 'heldPut':
      return reply(await hold(bucket, call.key, new Uint8Array(await request.arrayBuffer())));
    case 'delete':
      await bucket.delete(await request.json());
      return reply(null);
    case 'list': {
      const page = await bucket.list(call.options);
      // It may be too long for a header.
      return Response.json({ ...page, objects: page.objects.map(({ key, size }) => ({ key, size })) });
    }
    case 'readWhile':
      return reply(null, await readWhile(bucket, call.key, call.change));
    case 'readPart':
      return reply(await readPart(bucket, call.key));
  }
}

async function readValue(request: Request, as: 'bytes' | 'stream' | 'text') {
  if (as === 'text') return request.text();
  if (as === 'stream' && request.body) {
    const length = Number(request.headers.get('x-length'));
    return request.body.pipeThrough(new FixedLengthStream(length));
  }
  return new Uint8Array(await request.arrayBuffer());
}

/** Sends all but the last byte of what it announced. @returns what the put fails with */
async function breakOff(bucket: Bucket, key: string, bytes: Uint8Array): Promise<string | null> {
  const { writer, put } = await begin(bucket, key, bytes);
  await writer.abort(new Error('broken off'));
  return put;
}

/** As above, but whoever sends is gone with its call. */
async function leave(bucket: Bucket, key: string, bytes: Uint8Array): Promise<null> {
  await begin(bucket, key, bytes);
  return null;
}

/** As above, but whoever sends neither goes on nor leaves. */
async function hold(bucket: Bucket, key: string, bytes: Uint8Array): Promise<never> {
  const { put } = await begin(bucket, key, bytes);
  await put;
  throw new Error('a put without its last byte is done');
}

async function begin(bucket: Bucket, key: string, bytes: Uint8Array) {
  const { readable, writable } = new FixedLengthStream(bytes.length);
  const writer = writable.getWriter();
  const put = bucket.put(key, readable).then(
    () => null,
    (error: unknown) => String(error),
  );
  await writer.write(bytes.subarray(0, -1));
  return { writer, put };
}

/** What is read of an object that goes, or is replaced by one byte, after its first bytes were read. */
async function readWhile(
  bucket: Bucket,
  key: string,
  change: 'delete' | 'put',
): Promise<ReadableStream | undefined> {
  const found = await bucket.get(key);
  const reader = found?.body.getReader();
  if (!reader) return undefined;
  const first = await reader.read();
  if (change === 'delete') await bucket.delete(key);
  else await bucket.put(key, new Uint8Array([1]));
  return new ReadableStream({
    start: controller => controller.enqueue(first.value),
    pull: async controller => {
      const { value, done } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** Reads the first bytes of an object, and no more. */
async function readPart(bucket: Bucket, key: string): Promise<number> {
  const reader = (await bucket.get(key))?.body.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return first?.value?.length ?? 0;
}

const tell = (object: StoredObject | null): ToldObject | null =>
  object && {
    key: object.key,
    size: object.size,
    uploaded: object.uploaded.getTime(),
    httpEtag: object.httpEtag,
    customMetadata: object.customMetadata ?? {},
  };

const reply = (told: ToldReply, body?: ReadableStream | null): Response =>
  new Response(body ?? null, { headers: { 'x-reply': JSON.stringify(told) } });

declare class FixedLengthStream extends TransformStream<Uint8Array, Uint8Array> {
  constructor(length: number);
}
