import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import { sameKey } from '../tokens.ts';

/** A class of pupils mistypes a few codes. Without a limit, a code of four characters would be guessed in minutes. */
const WRONG_A_MINUTE = 20;
const MINUTE_MS = 60_000;

/**
 * Checks join codes and counts the wrong ones. It counts in memory, since to write for every guess would cost more than
 * the guess. An object that sleeps forgets the count. But it sleeps only after ten seconds in which nobody at all calls,
 * and that wins twenty guesses.
 */
export class CodeGuard {
  private wrong = 0;
  private endsAt = 0;

  /** @param hash what is stored of the run's code; null if it has none */
  async check(code: string, hash: string | null): Promise<Result<true>> {
    if (hash === null) return accepted(true);
    // To show no code is no guess. A page that asks whether a code is needed must not count against others.
    if (code === '') return refused('wrong-code');
    const isRight = await sameKey(code, hash);
    // From here on everything is in one turn. So a thousand guesses at once are counted like a thousand in a row.
    const now = Date.now();
    if (this.isClosed(now)) return refused('busy', 'too many wrong codes: try again in a minute');
    if (isRight) return accepted(true);
    this.countWrong(now);
    return refused('wrong-code');
  }

  /** Whether no code is looked at until the minute is over, not even the right one. */
  private isClosed(now: number): boolean {
    return !this.isOver(now) && this.wrong >= WRONG_A_MINUTE;
  }

  /** The minute begins with the first wrong code. */
  private countWrong(now: number): void {
    if (this.isOver(now)) {
      this.wrong = 0;
      this.endsAt = now + MINUTE_MS;
    }
    this.wrong += 1;
  }

  /** Also if the clock was set back meanwhile: then the minute would last for as long. */
  private isOver(now: number): boolean {
    return now >= this.endsAt || now < this.endsAt - MINUTE_MS;
  }
}
