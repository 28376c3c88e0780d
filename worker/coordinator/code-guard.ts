import { plainJoinCode } from '../../shared/protocol/join-code.ts';
import { accepted, type Result, refused } from '../../shared/protocol/refusals.ts';
import { sameKey } from '../tokens.ts';
import { siteOf } from './site-of.ts';

/**
 * A class of pupils mistypes a few codes, and sits behind one address. Whoever tries a dictionary of ten thousand words from
 * one address needs five hours.
 */
const WRONG_OF_A_SITE = 30;

/** Of all sites together. So ten sites shut a run to those who have not joined yet, and a thousand guess no faster. */
const WRONG_OF_ALL = 300;

const MINUTE_MS = 60_000;

/**
 * Checks join codes and counts the wrong ones, of each site and of all. Whoever has shown too many is refused before its
 * code is looked at, even if that is the right one: otherwise it could guess as fast as it likes. So a pupil who types
 * nonsense keeps out nobody but those behind the same address. It counts in memory, since to write for every guess would
 * cost more than the guess. An object that sleeps forgets the count. But it sleeps only after ten seconds in which nobody
 * at all calls, and that wins few guesses.
 */
export class CodeGuard {
  /** By site. No more are counted than there may be wrong codes. */
  private readonly wrong = new Map<string, number>();
  private wrongOfAll = 0;
  private endsAt = 0;

  /**
   * @param hash what is stored of the run's code; null if it has none
   * @param address from which it came, as the platform tells it. Empty on a laptop, and from a Worker of an older release
   */
  async check(code: string, hash: string | null, address = ''): Promise<Result<true>> {
    if (hash === null) return accepted(true);
    // To show no code is no guess. A page that asks whether a code is needed must not count against others.
    if (code === '') return refused('wrong-code');
    // Older releases kept the hash of the code as it was typed.
    const isRight = (await sameKey(plainJoinCode(code), hash)) || (await sameKey(code, hash));
    // From here on everything is in one turn. So a thousand guesses at once are counted like a thousand in a row.
    const now = Date.now();
    const site = siteOf(address);
    if (this.isClosed(site, now)) return refused('busy', 'too many wrong codes: try again in a minute');
    if (isRight) return accepted(true);
    this.countWrong(site, now);
    return refused('wrong-code');
  }

  private isClosed(site: string, now: number): boolean {
    if (this.isOver(now)) return false;
    return this.wrongOfAll >= WRONG_OF_ALL || (this.wrong.get(site) ?? 0) >= WRONG_OF_A_SITE;
  }

  /** The minute begins with the first wrong code. */
  private countWrong(site: string, now: number): void {
    if (this.isOver(now)) {
      this.wrong.clear();
      this.wrongOfAll = 0;
      this.endsAt = now + MINUTE_MS;
    }
    this.wrong.set(site, (this.wrong.get(site) ?? 0) + 1);
    this.wrongOfAll += 1;
  }

  /** Also if the clock was set back meanwhile: then the minute would last for as long. */
  private isOver(now: number): boolean {
    return now >= this.endsAt || now < this.endsAt - MINUTE_MS;
  }
}
