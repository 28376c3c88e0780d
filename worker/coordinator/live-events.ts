import type { RunEvent } from '../../shared/protocol/events.ts';

/** A client sends this now and then. It gets the reply without waking the object. */
const PING = 'ping';
const PONG = 'pong';

/** The event socket of a run: hibernating WebSockets, so that a thousand idle watchers cost nothing. */
export class LiveEvents {
  private readonly ctx: DurableObjectState;
  private readonly ledger: (after: number) => RunEvent[];

  constructor(ctx: DurableObjectState, ledger: (after: number) => RunEvent[]) {
    this.ctx = ctx;
    this.ledger = ledger;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  /**
   * The socket becomes a listener and gets all that it missed, in one turn of the object. So no event is lost
   * between.
   */
  accept(after: number): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    let seen = after;
    for (let page = this.ledger(seen); page.length > 0; page = this.ledger(seen)) {
      server.send(JSON.stringify(page));
      seen = page.at(-1)?.seq ?? seen;
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  /** One message holds all events of a step. */
  send(events: readonly RunEvent[]): void {
    if (events.length === 0) return;
    const message = JSON.stringify(events);
    for (const socket of this.ctx.getWebSockets()) {
      try {
        socket.send(message);
      } catch {
        // It has just closed. It catches up with `?after=` when it comes back.
      }
    }
  }
}
