import { formatBytes } from '../../ui/format.ts';
import { tryWords } from '../../words/try-words.ts';

/** More than any network has that a tab answers with. Whoever follows a link has not asked for a large download. */
export const MOST_BYTES = 256_000_000;

/** Counts what the files of one network take, so that no address and no zip fills memory. */
export class ByteBudget {
  used = 0;
  private readonly most: number;

  constructor(most: number = MOST_BYTES) {
    this.most = most;
  }

  /** @throws an error in words if it is too much */
  take(bytes: number): void {
    this.used += bytes;
    if (this.used > this.most) throw new Error(tryWords().wholePage.tooLarge(formatBytes(this.most)));
  }
}
