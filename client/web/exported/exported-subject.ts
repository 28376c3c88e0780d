import { signal } from '@preact/signals';
import type { Pictures } from '../../../shared/datasets/examples.ts';
import { type PictureStyle, plainStyle } from '../../../shared/datasets/picture-style.ts';
import type { ModelMetadata } from '../../host/model-metadata.ts';
import type { Guess } from '../../trainer/trainer-api.ts';
import type { Answer, Subject } from '../try/subject.ts';

const GUESSES = 5;

/** The network that this page holds. */
export class ExportedSubject implements Subject {
  readonly shape;
  readonly classNames;
  readonly columns;
  readonly newest;
  private readonly metadata: ModelMetadata;
  private readonly predict: (picture: Pictures) => Promise<Guess[]>;

  constructor(metadata: ModelMetadata, predict: (picture: Pictures) => Promise<Guess[]>) {
    this.metadata = metadata;
    this.predict = predict;
    this.shape = metadata.imageShape ?? { height: 1, width: 1, channels: 1 };
    this.classNames = metadata.labels ?? [];
    this.columns = metadata.columns;
    this.newest = signal(metadata.version ?? null);
  }

  style = async (): Promise<PictureStyle> => this.metadata.style ?? plainStyle;

  samples = async (): Promise<null> => null;

  answer = async (picture: Pictures): Promise<Answer> => ({
    guesses: (await this.predict(picture)).slice(0, GUESSES),
    version: this.newest.value,
  });
}
