/** Whoever runs the bench wants it to end. */
export class Stopped extends Error {
  /** What a shell calls a program that this signal ended. */
  readonly status: number;

  constructor(status: number) {
    super('stopped');
    this.name = 'Stopped';
    this.status = status;
  }
}

/** Signals that come so close are one: a terminal sends to npm and to its child, and npm passes it on. */
const SAME_WITHIN_MS = 1_000;

const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Hears SIGINT and SIGTERM. The first one lets the round in hand end, so that no line is torn and nothing is printed but
 * what is left. The second one ends the process.
 */
export class StopSignal {
  private status: number | null = null;
  private heardAt = 0;

  /** @param onStop ends what is in hand; without it, whoever works asks `check` after each round */
  constructor(say: (line: string) => void, onStop?: () => void) {
    const when = onStop ? 'now' : 'after this round';
    for (const [signal, status] of Object.entries(STATUS))
      process.on(signal, () =>
        this.hear(status, () => {
          say(`${signal}: the bench stops ${when}.`);
          onStop?.();
        }),
      );
  }

  private hear(status: number, onFirst: () => void): void {
    const isFirst = this.status === null;
    if (!isFirst && performance.now() - this.heardAt > SAME_WITHIN_MS) process.exit(status);
    if (!isFirst) return;
    this.status = status;
    this.heardAt = performance.now();
    onFirst();
  }

  /** @throws Stopped if a signal has come */
  check(): void {
    if (this.status !== null) throw new Stopped(this.status);
  }
}
