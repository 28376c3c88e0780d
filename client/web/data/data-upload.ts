import { signal } from '@preact/signals';
import { proxy } from 'comlink';
import { whyRefused } from '../../../shared/datasets/import/file-problems.ts';
import type { HostedDataset } from '../../../shared/protocol/dataset.ts';
import type { Refusal } from '../../../shared/protocol/refusals.ts';
import { dataKeyOf, forgetDataKey, keepDataKey } from '../state/data-keys.ts';
import { keptDeploymentKey } from '../state/deployment-key.ts';
import { dataWords } from '../words/data-words.ts';
import { inPageLanguage } from '../words/language.ts';
import type { DataDraft, Progress } from './data-draft.ts';
import type { Found, UploadChoices } from './data-reader-api.ts';
import { type DraftFields, type FieldErrors, testShareOf, wantedShape } from './draft-fields.ts';

export type UploadState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly progress: Progress }
  | { readonly kind: 'stopped'; readonly text: string }
  | { readonly kind: 'done'; readonly dataset: HostedDataset };

/** Sends a draft to the platform. An upload that stopped begins anew, and what is there already is not sent again. */
export class DataUpload {
  private readonly draft: DataDraft;
  /** Names the upload that goes on. Null if none does. */
  private current: symbol | null = null;

  readonly state = signal<UploadState>({ kind: 'idle' });
  /** Whether the platform has asked for its key. */
  readonly needsKey = signal(false);

  constructor(draft: DataDraft) {
    this.draft = draft;
  }

  /** At once: a call that waits for a platform that is away may take a while to end. What comes late is nothing. */
  cancel = (): void => {
    this.current = null;
    this.draft.cancel();
    this.state.value = { kind: 'stopped', text: dataWords().cancelled };
  };

  forget = (): void => {
    if (this.current) this.cancel();
    this.state.value = { kind: 'idle' };
  };

  /** The fields have no errors. Ends as done, or stopped with words that say why. */
  run = async (found: Found, key: string): Promise<void> => {
    const own = Symbol('upload');
    this.current = own;
    this.draft.refuse({});
    this.state.value = { kind: 'running', progress: { done: 0, total: 0 } };
    const onProgress = (done: number, total: number): void => {
      if (this.current === own) this.state.value = { kind: 'running', progress: { done, total } };
    };
    const wasMine = dataKeyOf(this.draft.fields.value.name.trim()) !== null;
    const choices = choicesOf(this.draft.fields.value, found, key || (keptDeploymentKey() ?? ''));
    const sent = await this.draft.ask(reader => reader.upload(choices, proxy(onProgress)));
    if (this.current !== own) return;
    this.current = null;
    // The name is somebody else's, or somebody else has listed the same data before.
    if (sent.ok ? !sent.value.hasKey : sent.reason === 'name-taken' && !wasMine) forgetDataKey(choices.name);
    if (!sent.ok) this.stop(sent, key);
    else {
      this.draft.found.value = { ...found, problems: sent.value.problems };
      this.state.value = { kind: 'done', dataset: sent.value.dataset };
    }
  };

  private stop(refusal: Refusal, key: string): void {
    const mend = mendable(refusal, key);
    this.needsKey.value ||= mend?.key !== undefined;
    if (mend) this.draft.refuse(mend);
    // What is told at a field is not told twice.
    this.state.value = mend
      ? { kind: 'idle' }
      : { kind: 'stopped', text: dataWords().failed(inPageLanguage(whyRefused(refusal))) };
  }
}

const choicesOf = (fields: DraftFields, found: Found, key: string): UploadChoices => ({
  name: fields.name.trim(),
  classNames: fields.classNames.map(name => name.trim()),
  wanted: { shape: wantedShape(fields, found), fit: fields.fit },
  testShare: testShareOf(fields),
  ownKey: keepDataKey(fields.name.trim()),
  ...(key === '' ? {} : { key }),
});

/** What the host mends in a field is told there. Null if it is something else. */
function mendable({ reason }: Refusal, key: string): FieldErrors | null {
  const words = dataWords();
  if (reason === 'name-taken') return { name: words.takenName };
  if (reason === 'creation-closed') return { key: key === '' ? words.keyNeeded : words.wrongKey };
  return null;
}
