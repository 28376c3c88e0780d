import * as z from 'zod';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { runEventSchema } from '../../shared/protocol/events.ts';
import { type Frame, frameSchema, PONG, VOLUNTEER_PROTOCOL } from '../../shared/protocol/frames.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { emptyView } from '../../shared/view/empty-view.ts';
import { applyChanges } from '../../shared/view/view-changes.ts';
import { until } from './poll.ts';

/** The platform is of this release: there is no entry that the frame's own schema would pass over. */
const strictSchema = z.looseObject({ latest: z.array(runEventSchema).optional() });

/** A socket of frames as they came. It comes back never, and confirms what it read unless it is told not to. */
export class FrameSocket {
  readonly frames: Frame[] = [];
  readonly socket: WebSocket;
  /** Code and reason, as soon as the platform says them. */
  readonly closed: Promise<readonly [number, string]>;
  private readonly opened: Promise<void>;
  private onBye: (code: number, reason: string) => void = () => {};

  constructor(url: string, protocols: string[] = []) {
    this.socket = new WebSocket(url, protocols);
    this.opened = new Promise((resolve, reject) => {
      this.socket.addEventListener('open', () => resolve());
      this.socket.addEventListener('error', () => reject(new Error('the socket was refused')));
    });
    this.opened.catch(() => {});
    this.closed = new Promise(resolve => {
      this.onBye = (code, reason) => resolve([code, reason]);
      this.socket.addEventListener('close', ({ code, reason }) => resolve([code, reason]));
    });
    this.socket.addEventListener('message', ({ data }) => this.hear(String(data)));
  }

  static ofView(client: HomeroomClient, run: string, after = 0): FrameSocket {
    return new FrameSocket(client.viewUrl(run, after, 1));
  }

  static ofVolunteer(client: HomeroomClient, run: string, token: string): FrameSocket {
    return new FrameSocket(client.signalUrl(run, 1), [VOLUNTEER_PROTOCOL, token]);
  }

  open = (): Promise<void> => this.opened;

  close = (): void => this.socket.close();

  get types(): readonly string[] {
    return this.frames.map(({ type }) => type);
  }

  /** What the frames come to. @throws if one does not follow on the one before */
  viewFrom(view: RunView = emptyView()): RunView {
    return this.frames.reduce((now, frame) => {
      if (frame.type === 'view') return frame.view;
      if (frame.type !== 'changes') return now;
      if (frame.from !== now.seq) throw new Error(`changes from ${frame.from} after event ${now.seq}`);
      return applyChanges(now, frame.changes);
    }, view);
  }

  viewWhen = (isSo: (view: RunView) => boolean, what: string, view?: RunView): Promise<RunView> =>
    until(async () => {
      const now = this.viewFrom(view);
      return isSo(now) && now;
    }, what);

  private hear(data: string): void {
    if (data === PONG) return;
    const frame = frameSchema.parse(strictSchema.parse(JSON.parse(data)));
    this.frames.push(frame);
    if (frame.type === 'bye') this.onBye(frame.code, frame.reason);
    if (frame.type === 'ask') this.socket.send(JSON.stringify({ type: 'ack', token: frame.token }));
  }
}
