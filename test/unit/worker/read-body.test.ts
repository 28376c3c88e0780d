import { expect, test } from 'vitest';
import { readBody } from '../../../worker/routes/http.ts';

const request = (
  body: ReadableStream | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Request =>
  new Request('http://platform/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);

/** Sends 0, 1, 2 … byte by byte, each into the room that whoever reads gives. */
function byteByByte(count: number): ReadableStream {
  let next = 0;
  return new ReadableStream({
    type: 'bytes',
    pull: controller => {
      const room = controller.byobRequest;
      if (next === count) {
        controller.close();
        room?.respond(0);
      } else if (room?.view) {
        new Uint8Array(room.view.buffer, room.view.byteOffset)[0] = next++ % 256;
        room.respond(1);
      }
    },
  });
}

const counted = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => i % 256);

test.each([{}, { 'content-length': '1000' }])(
  'holds none of the chunks that a body comes in (%o)',
  async headers => {
    const body = await readBody(request(byteByByte(1_000), headers), 1_000);
    expect(body).toEqual({ ok: true, value: counted(1_000) });
    expect(body.ok && body.value.buffer.byteLength).toBe(1_000);
  },
);

test('refuses a body that is longer than it may be, whatever was told of its length', async () => {
  const tooLarge = { ok: false, reason: 'too-large', detail: 'at most 999 bytes' };
  expect(await readBody(request(byteByByte(1_000)), 999)).toEqual(tooLarge);
  expect(await readBody(request(byteByByte(1_000), { 'content-length': '5' }), 999)).toEqual(tooLarge);
  expect(await readBody(request(byteByByte(1), { 'content-length': '1000' }), 999)).toEqual(tooLarge);
});

test('reads an empty body', async () => {
  expect(await readBody(new Request('http://platform/', { method: 'POST' }), 10)).toEqual({
    ok: true,
    value: new Uint8Array(0),
  });
});
