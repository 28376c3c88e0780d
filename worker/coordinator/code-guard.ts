/** A class of pupils mistypes a few codes. Without a limit, a code of four characters would be guessed in minutes. */
const WRONG_A_MINUTE = 20;
const MINUTE_MS = 60_000;

/**
 * Counts wrong join codes. It counts in memory, since to write for every guess would cost more than the guess. An
 * object that sleeps forgets the count. But it sleeps only after ten seconds in which nobody at all calls, and that
 * wins twenty guesses.
 */
export class CodeGuard {
  private wrong = 0;
  private endsAt = 0;

  /** Whether no code is looked at until the minute is over, not even the right one. */
  isClosed(now: number): boolean {
    return now < this.endsAt && this.wrong >= WRONG_A_MINUTE;
  }

  /** The minute begins with the first wrong code. */
  countWrong(now: number): void {
    if (now >= this.endsAt) {
      this.wrong = 0;
      this.endsAt = now + MINUTE_MS;
    }
    this.wrong += 1;
  }
}
