import { batch, computed, signal } from '@preact/signals';
import { proxy } from 'comlink';
import type { Pictures } from '../../../shared/datasets/examples.ts';
import { whyRefused } from '../../../shared/datasets/import/file-problems.ts';
import { raceAgainst } from '../../../shared/math/race-against.ts';
import { accepted, type Result, refused } from '../../../shared/protocol/refusals.ts';
import { dataWords } from '../words/data-words.ts';
import { inPageLanguage } from '../words/language.ts';
import { problemText } from '../words/problem-text.ts';
import { type DataBridge, startDataReader } from './data-bridge.ts';
import type { DataReaderApi, Found, Given, OnProgress, SplitCounts, TextReading } from './data-reader-api.ts';
import {
  checkFields,
  type DraftFields,
  type FieldErrors,
  type FieldName,
  freeName,
  isShare,
  testShareOf,
} from './draft-fields.ts';

const emptyFields: DraftFields = {
  ...{ name: '', side: '28', channels: 3, fit: 'crop', share: '20', classNames: [] },
};

/**
 * Sent together to the thread. To copy a file's handle takes a browser 0.15 ms, and several times as long on a busy machine:
 * a task of so many stays far below the 50 ms that a person notices.
 */
const FILES_AT_ONCE = 20;

/** How far something is. The total is 0 while it is not known. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

interface Source {
  readonly given: Given;
  readonly reading: TextReading;
}

const GUESS: TextReading = { label: null, asTable: false };

/**
 * The data that a person is bringing, and what was chosen about them. It outlives the page, so whoever looks at another
 * page in between finds everything again.
 */
export class DataDraft {
  private readonly start: () => DataBridge;
  private bridge: DataBridge | null = null;
  private source: Source | null = null;
  /** Counts what was opened, so that what comes late from a former source is nothing. */
  private turn = 0;

  readonly reading = signal<Progress | null>(null);
  /** Why what was given is no data set. */
  readonly problem = signal<string | null>(null);
  readonly found = signal<Found | null>(null);
  readonly fields = signal<DraftFields>(emptyFields);
  readonly thumbnails = signal<ReadonlyMap<number, Pictures>>(new Map());
  readonly counts = signal<SplitCounts | null>(null);
  /** Names of data that the platform has. */
  readonly taken = signal<readonly string[]>([]);
  private readonly touched = signal<ReadonlySet<FieldName>>(new Set());
  /** What the platform has refused, by field. */
  private readonly refusedFields = signal<FieldErrors>({});

  readonly errors = computed<FieldErrors>(() =>
    this.found.value === null ? {} : checkFields(this.fields.value, this.found.value, this.taken.value),
  );

  constructor(start: () => DataBridge = startDataReader) {
    this.start = start;
  }

  /** Reads what is given. If it is no data set, what was there before stays. */
  open = async (given: Given, reading = GUESS): Promise<void> => {
    // Whatever is being read is let go with its thread. Its end would be told as a failure of this one.
    if (this.reading.value) this.stopReading();
    const turn = ++this.turn;
    const source = { given, reading };
    batch(() => {
      [this.reading.value, this.problem.value] = [{ done: 0, total: 0 }, null];
    });
    const found = await this.ask(reader => this.openIn(reader, source, turn), false);
    if (turn !== this.turn) return;
    this.reading.value = null;
    if (!found.ok) this.problem.value = inPageLanguage(whyRefused(found));
    else {
      this.source = source;
      this.show(found.value, reading !== GUESS);
    }
  };

  /** Reads the same text again in another way. */
  readAs = async (change: Partial<TextReading>): Promise<void> => {
    if (this.source) await this.open(this.source.given, { ...this.source.reading, ...change });
  };

  /** Ends the reading, whatever it is busy with. What was read before stays. */
  stopReading = (): void => {
    this.turn++;
    this.bridge?.terminate();
    this.bridge = null;
    this.reading.value = null;
  };

  /** Forgets the data. The thread ends, and with it all that it has in memory. */
  startOver = (): void => {
    this.turn++;
    this.bridge?.terminate();
    [this.bridge, this.source] = [null, null];
    batch(() => {
      [this.found.value, this.reading.value, this.problem.value] = [null, null, null];
    });
  };

  /** What was refused about a field is forgotten as soon as it is changed. */
  set = (change: Partial<DraftFields>): void => {
    this.fields.value = { ...this.fields.value, ...change };
    this.refusedFields.value = {};
  };

  touch = (...fields: readonly FieldName[]): void => {
    this.touched.value = new Set([...this.touched.value, ...fields]);
  };

  refuse = (errors: FieldErrors): void => {
    this.refusedFields.value = errors;
  };

  /** The error that is shown at a field: of one that nobody has touched yet, none is. */
  errorOf = (field: FieldName): string | undefined =>
    this.refusedFields.value[field] ?? (this.touched.value.has(field) ? this.errors.value[field] : undefined);

  countSplit = async (): Promise<void> => {
    const { found, fields, turn } = { found: this.found.value, fields: this.fields.value, turn: this.turn };
    if (!found || (!found.isSplit && !isShare(fields.share))) return;
    const share = found.isSplit ? 0 : testShareOf(fields);
    const counts = await this.ask(async reader => accepted(await reader.split(share)));
    if (turn === this.turn && counts.ok) this.counts.value = counts.value;
  };

  cancel = (): void => void this.bridge?.reader.cancel();

  /**
   * What the thread replies. If it breaks, that is refused in words. The next call begins with a new thread, which reads the
   * same data first.
   * @param isRead whether the call is about the data that were read
   */
  ask = async <T>(call: (reader: DataReaderApi) => Promise<Result<T>>, isRead = true): Promise<Result<T>> => {
    const isNew = this.bridge === null;
    let bridge: DataBridge;
    try {
      bridge = this.bridge ?? this.start();
    } catch (error) {
      return refused('malformed', dataWords().notRead(problemText(error)));
    }
    this.bridge = bridge;
    const source = isNew && isRead ? this.source : null;
    const asked = async (): Promise<Result<T>> => {
      const read = source ? await this.openIn(bridge.reader, source, this.turn) : accepted(null);
      return read.ok ? call(bridge.reader) : read;
    };
    try {
      // A thread answers once for each of up to ten thousand classes.
      return await raceAgainst(bridge.broken, asked());
    } catch (error) {
      bridge.terminate();
      if (this.bridge === bridge) this.bridge = null;
      return refused('malformed', dataWords().notRead(problemText(error)));
    }
  };

  private async openIn(
    reader: DataReaderApi,
    { given, reading }: Source,
    turn: number,
  ): Promise<Result<Found>> {
    const tell: OnProgress = (done, total) => {
      if (turn === this.turn && this.reading.value) this.reading.value = { done, total };
    };
    if (given.kind === 'text') return reader.open(given.text, reading, proxy(tell));
    for (let from = 0; from < given.files.length; from += FILES_AT_ONCE)
      await reader.take(given.files.slice(from, from + FILES_AT_ONCE), from === 0);
    return reader.open(null, reading, proxy(tell));
  }

  /** @param isSame whether the data are the same as before, read in another way */
  private show(found: Found, isSame: boolean): void {
    const { shape, classes } = found;
    const before = this.fields.value;
    batch(() => {
      this.found.value = found;
      [this.thumbnails.value, this.counts.value] = [new Map(), null];
      [this.touched.value, this.refusedFields.value] = [new Set(), {}];
      this.fields.value = {
        ...emptyFields,
        name: isSame ? before.name : freeName(found.name || dataWords().unnamed, this.taken.value),
        share: isSame ? before.share : emptyFields.share,
        side: String(shape.height),
        channels: shape.channels === 1 ? 1 : 3,
        classNames: classes.map(({ name }) => name),
      };
    });
    if (found.kind !== 'table') void this.loadThumbnails(classes.length);
    void this.countSplit();
  }

  /** One class after the other, so that the first are seen at once. */
  private async loadThumbnails(classes: number): Promise<void> {
    const { turn } = this;
    for (let label = 0; label < classes && turn === this.turn; label++) {
      const pictures = await this.ask(async reader => accepted(await reader.thumbnails(label)));
      if (!pictures.ok) return;
      if (pictures.value && turn === this.turn)
        this.thumbnails.value = new Map([...this.thumbnails.value, [label, pictures.value]]);
    }
  }
}
