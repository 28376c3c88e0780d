import type { MiddlewareHandler } from 'hono';
import * as z from 'zod';
import type { HonoEnv } from './http.ts';

/** Who sends nothing for so long is not waited for. */
const SILENCE_MS = 2_000;

/** Longer than 100 MB take at 10 Mbit/s. No request may be longer than that. */
const LONGEST_MS = 120_000;

/** What Cloudflare tells of the connection. Nothing on a laptop, where workerd speaks HTTP/1.1. */
const connectionSchema = z.object({ httpProtocol: z.string() });

/**
 * A reply waits until its request's body has come, even if nobody wants it. If a connection of HTTP/1.1 is closed while its
 * client still sends, the client mostly does not get to read the reply. It would send the same body again and again. Later
 * versions of HTTP carry an early reply by themselves.
 */
export const hearOut: MiddlewareHandler<HonoEnv> = async (c, next) => {
  await next();
  const { body, cf } = c.req.raw;
  const protocol = connectionSchema.safeParse(cf).data?.httpProtocol ?? 'HTTP/1.1';
  if (body && !body.locked && protocol.startsWith('HTTP/1')) await drain(body);
};

async function drain(body: ReadableStream): Promise<void> {
  const reader = body.getReader();
  const end = Date.now() + LONGEST_MS;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const isThereMore = async (): Promise<boolean> => {
    clearTimeout(timer);
    timer = setTimeout(() => void reader.cancel(), SILENCE_MS);
    return !(await reader.read()).done;
  };
  try {
    while ((await isThereMore()) && Date.now() < end);
  } catch {
    // The client has left.
  } finally {
    clearTimeout(timer);
  }
}
