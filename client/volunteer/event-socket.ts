import type { RunEvent } from '../../shared/protocol/events.ts';
import type { HomeroomClient } from './homeroom-client.ts';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

/** Under the idle limits of proxies on the way; answered by the platform without waking the run. */
const PING_MS = 30_000;

export interface EventSocket {
  close(): void;
}

/**
 * Follows a run's events over its WebSocket: everything after `after`, once and in order. It comes back by itself and
 * catches up; `onConnected` tells when it is on or off.
 */
export function openEventSocket(
  client: HomeroomClient,
  run: string,
  after: number,
  onEvents: (events: RunEvent[]) => void,
  onConnected: (isConnected: boolean) => void = () => {},
): EventSocket {
  let seen = after;
  let retryMs = FIRST_RETRY_MS;
  let isClosed = false;
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ping = setInterval(() => socket?.readyState === 1 && socket.send('ping'), PING_MS);
  // A timer must not keep a Node process alive that has nothing else to do.
  if (typeof ping === 'object') (ping as { unref(): void }).unref();

  const receive = (message: MessageEvent): void => {
    if (typeof message.data !== 'string' || message.data === 'pong') return;
    const events = client.parseEvents(message.data).filter(event => event.seq > seen);
    const last = events.at(-1);
    if (!last) return;
    seen = last.seq;
    onEvents(events);
  };
  const connect = (): void => {
    socket = new WebSocket(client.eventsUrl(run, seen));
    socket.addEventListener('open', () => {
      retryMs = FIRST_RETRY_MS;
      onConnected(true);
    });
    socket.addEventListener('message', receive);
    socket.addEventListener('close', () => {
      if (isClosed) return;
      onConnected(false);
      timer = setTimeout(connect, retryMs);
      retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
    });
  };
  connect();
  return {
    close: () => {
      isClosed = true;
      clearInterval(ping);
      clearTimeout(timer);
      socket?.close();
    },
  };
}
