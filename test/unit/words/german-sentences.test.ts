import { describe, expect, it } from 'vitest';
import { sentences, translate } from '../../../client/web/words/de/sentences/translate.ts';
import { refusals } from '../../../shared/protocol/refusals.ts';
import { sourceSentences } from '../../support/source-sentences.ts';

/** Those who speak to people who read pages, in English: they know no page. */
const speakers = [
  'shared/datasets/{import,files,table}/*.ts',
  'shared/datasets/{zip,gunzip,picture-header,idx,root-set}.ts',
  'shared/federation/{lease,volunteer,take-back}/*.ts',
  'shared/plan/{check-coverage,plans/*,slices/*-slices,task/check-segments}.ts',
  'shared/cohort/check-aggregation.ts',
  'client/platform/{call-platform,homeroom-client}.ts',
  'client/volunteer/{*,outbox/*}.ts',
  'client/trainer/{models/topology/*,backends/*}.ts',
  'client/trainer/models/{build-graph,check-size,check-cuts,check-scales,choose-cuts,cut-model,host-model,layer-cost,load-weights,model-graph,try-training}.ts',
  'client/host/{create-run,whole-network}.ts',
  'worker/coordinator/{check-run,host-desk,join-gate,key-ring,code-guard,turnstile,why-missing,admission}.ts',
  'client/web/{data,volunteering}/**/*.ts',
];

/** Where else such sentences come from. */
const others = [
  '{shared,worker}/**/*.ts',
  'client/{platform,host,volunteer,web}/**/*.ts',
  'client/trainer/*.ts',
];
const trainer = 'client/trainer/{answers,examples,lease,models,threads,training}/**/*.ts';

/** Of our own mistakes, which no choice of the reader leads to, and what is no sentence. */
const notForReaders: readonly string[] = [
  '{}ing picture {}',
  '{} {} {}',
  'a network of no segments has no exit',
  'the platform replies `true`',
  'segment {} has no topology',
  'the lease names segment {} and does not say where its files lie',
  'the lease names part {} of {}, which has {}',
  'no data were opened',
  'renewed host key',
  '{} {}px system-ui, sans-serif',
];

const isSentence = (text: string): boolean => /[a-z{}]+ [a-z{}]+ [a-z{([]/.test(text);

describe('sentences that are made in English outside the pages', () => {
  it('are each known in German', () => {
    const unknown = [...sourceSentences(speakers)].filter(
      text => isSentence(text) && !(text in sentences) && !notForReaders.includes(text),
    );
    expect(unknown).toEqual([]);
  });

  it('are known in German as they are said, and no others are', () => {
    const said = sourceSentences([...speakers, ...others, trainer]);
    expect(Object.keys(sentences).filter(text => !said.has(text))).toEqual([]);
  });

  it.each(Object.entries(sentences))('name in German all that stands in them: %s', (english, german) => {
    const holes = english.split('{}').length - 1;
    const named = [...german.matchAll(/\{(\d)\}/g)].map(([, number]) => Number(number));
    for (const number of named) expect(number).toBeLessThanOrEqual(holes);
    expect(german).not.toContain('{}');
  });
});

describe('a sentence in German', () => {
  it.each(Object.entries(refusals))('tells the refusal %s, and what was wrong', (_, { text }) => {
    expect(translate(text)).not.toBe(text);
    expect(translate(`${text} (at most 1,024 bytes)`)).toBe(`${translate(text)} (höchstens 1.024 Bytes)`);
  });

  it.each([
    [
      'nobody replies at https://a.example as a Homeroom platform does; trying again',
      'unter https://a.example antwortet niemand wie eine Homeroom-Plattform; es wird wieder versucht',
    ],
    ['holiday photos/a b.png is empty', 'holiday photos/a b.png ist leer'],
    [
      'cats/1.tif is a picture of the kind TIFF: save it as PNG, JPEG or WebP',
      'cats/1.tif ist ein Bild der Art TIFF: als PNG, JPEG oder WebP speichern',
    ],
    [
      'the moving variance of layer norm is -0.5: no variance is below zero',
      'die gleitende Statistik (variance) der Schicht norm ist -0,5: Keine Varianz ist kleiner als null',
    ],
    [
      'a.zip holds 12,000 files: at most 10,000 are read from one zip',
      'a.zip enthält 12.000 Dateien: Aus einem Zip werden höchstens 10.000 gelesen',
    ],
    [
      'a.bin and b.bin do not hold the weights that model.json describes',
      'die Gewichte, die model.json beschreibt, sind nicht da: a.bin and b.bin haben etwas anderes',
    ],
    [
      'webgpu failed (there is no WebGPU here); training on wasm',
      'webgpu ging nicht (hier gibt es kein WebGPU); trainiert auf wasm',
    ],
  ])('has in it what stands in the English one: %s', (english, german) => {
    expect(translate(english)).toBe(german);
  });

  it.each(['', 'Cannot read properties of undefined', 'Ada says (hello)'])(
    'is not made of what nobody knows: %s',
    text => {
      expect(translate(text)).toBe(text);
    },
  );

  it('is not looked for in a text that is made to match for long', () => {
    const text = 'a has in '.repeat(200);
    expect(translate(text)).toBe(text);
  });
});
